"""What a release changes: in words, and for many cases that were tried by it and by the rules it was made from; the worst ones side by side."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from calculator import vocabulary
from calculator.api import default_rules
from calculator.engine.result.sentences import STATUS
from calculator.engine.routes.pack import Pack
from calculator.errors import PackError
from calculator.impact.outcome import KINDS
from calculator.impact.tally import Tally, Worst
from calculator.packs.change_words import contacts, figures, sentences
from calculator.packs.released import Pointer, load_release
from calculator.translation import _, isolated, translator
from calculator.wording import day
from store.organisations.access import Member
from store.organisations.roles import Action
from store.rules.releases import Release, ReleaseError
from store.rules.trials import Trial, TrialState
from store.settings import current_day
from web.calculating_work import Work
from web.errors import Fault, RequestFault
from web.rendering import from_script, redirect, rendered
from web.security import require_same_origin
from web.services import Services, services_of
from web.staff.answering import Asked
from web.staff.doing import done, staff_page, told_by_worker
from web.staff.scenarios import rows
from web.staff.session import allowed

router = APIRouter(prefix="/staff/rules", include_in_schema=False, dependencies=[Depends(require_same_origin)])
Reader = Annotated[Member, Depends(allowed(Action.READ_RULES))]
#: What stands over the columns of the counts.
TITLES = {"status": _("Open or not"), "amount": _("Sum"), "deadline": _("Last day"), "words": _("Sentences")}
#: Steps of the chart, from the lowest: (above, up to) in hundredths.
BELOW, BETWEEN, ABOVE = _("more than {high} % lower"), _("{low} to {high} %"), _("more than {low} % higher")
#: Differences in words that one page shows.
MOST_WORDS = 60


async def in_words(request: Request, one: Release, names: list[str]) -> list[dict[str, Any]]:
    """What differs from the rules it was made from, State by State, as the page shows it; none where one of the two cannot be read."""
    services = services_of(request)
    language = services.language_of(request)
    if one.base is None or not names:
        return []
    try:
        base = (await done(services.releases.one, one.base)).pointer
        return await asyncio.to_thread(_in_words, services, base, one.pointer, names, language)
    except (PackError, ReleaseError, OSError):
        return []


def _in_words(services: Services, base: Pointer, new: Pointer, names: list[str], language: str) -> list[dict[str, Any]]:
    codes = {name.partition("/")[0] for name in names if "/" in name}
    before, after = (load_release(services.rules.folder, services.rules.kept(one), codes) for one in (base, new))
    return [told for code in sorted(codes) if (told := _of_state(before.pack(code), after.pack(code), language)) is not None]


def _of_state(old: Pack | None, new: Pack | None, language: str) -> dict[str, Any] | None:
    """The changes of one State; None where it is new or gone, or nothing is told otherwise."""
    if old is None or new is None:
        return None
    law = translator(language, "law")
    told = {
        "name": law(new.jurisdiction.name),
        "figures": [
            {
                "title": one.title,
                "from": day(one.start.isoformat(), language),
                "before": one.before or "–",
                "after": one.after or "–",
                "unit": one.unit,
                "source": one.source,
                "seen": day(one.seen.isoformat(), language) if one.seen else "",
            }
            for one in figures(old, new)
        ],
        "contacts": [
            (
                " · ".join(part for part in (law(vocabulary.services()[one.kind]), one.name) if part),
                " · ".join(one.before.values()) if one.before else "–",
                " · ".join(one.after.values()) if one.after else "–",
            )
            for one in contacts(old, new)
        ],
        "sentences": [
            (f"{one.part} {one.field}", " ".join(one.before) or "–", " ".join(one.after) or "–")
            for one in sentences(old, new, language, current_day())[:MOST_WORDS]
        ],
    }
    return told if any(told[part] for part in ("figures", "contacts", "sentences")) else None


@router.get("/{release}/impact")
async def impact(request: Request, release: str, member: Reader) -> Response:
    """How far the cases are tried; a part of the page of the release, for its script."""
    if not from_script(request):
        return redirect(f"/staff/rules/{release}")
    trials = await done(services_of(request).trials.of, release)
    told = told_trials(request, trials)
    return HTMLResponse(rendered(request, "_rules_impact.html", services_of(request).language_of(request), trials=told, release_id=release))


@router.get("/{release}/impact/{code}/{number}")
async def side_by_side(request: Request, release: str, code: str, number: int, member: Reader) -> Response:
    """One of the cases that change most, by both rules."""
    services = services_of(request)
    language = services.language_of(request)
    trials = {one.code: one for one in await done(services.trials.of, release)}
    worst = trials[code].progress.tally.worst if code in trials else []
    if not 0 < number <= len(worst):
        raise RequestFault(Fault.NOT_FOUND)
    one, sides = worst[number - 1], trials[code].progress.sides
    columns: list[dict[str, Any]] = []
    trouble: str | None = None
    for which in (sides.before, sides.after):
        found = await _by(request, member, one, Pointer(*which))
        if isinstance(found, str):
            trouble = found
            break
        columns.append(found)
    return staff_page(
        request,
        "staff_rules_both.html",
        release=release,
        number=number,
        facts=_facts(one.raw),
        on=day(one.on, language),
        table=rows(columns) if trouble is None else [],
        trouble=trouble,
    )


async def _by(request: Request, member: Member, one: Worst, pointer: Pointer) -> Any:
    """What the case comes to by some rules, as `scenarios.rows` takes it; a sentence where it cannot be worked out."""
    services = services_of(request)
    try:
        kept = await asyncio.to_thread(services.rules.kept, pointer)
    except (OSError, ReleaseError):
        raise RequestFault(Fault.BROKEN) from None
    asked = Asked(what="compared", on=date.fromisoformat(one.on), adult=True, cases=[one.raw])
    work = Work("staff", asked.model_dump_json().encode(), services.language_of(request), services.languages, kept)
    found = await told_by_worker(request, member, work)
    if isinstance(found, str):
        return found
    return json.loads(found)[0]


def _facts(raw: Any, place: str = "") -> list[tuple[str, str]]:
    """Every fact of a case nobody has, as a case file names it."""
    if isinstance(raw, dict):
        return [fact for name, part in raw.items() for fact in _facts(part, f"{place}.{name}" if place else name)]
    if isinstance(raw, list) and any(isinstance(one, dict) for one in raw):
        return [fact for n, part in enumerate(raw) for fact in _facts(part, f"{place}[{n}]")]
    return [] if raw in (None, [], {}) else [(place, ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw))]


def told_trials(request: Request, trials: list[Trial]) -> list[dict[str, Any]]:
    """Each State that was tried, as its part of the page shows it."""
    services = services_of(request)
    language = services.language_of(request)
    words, law = services.words(language), translator(language, "law")
    return [_told(one, language, words, law) for one in trials]


def _told(trial: Trial, language: str, words: Any, law: Any) -> dict[str, Any]:
    pack = default_rules().pack(trial.code)
    tally = trial.progress.tally
    routes = {name: law(route.raw.name) for name, route in pack.routes.items()} if pack else {}
    names = {**dict.fromkeys(route.partition(":")[0] for route in tally.routes), **routes}
    most = max((n for _low, _high, n in tally.steps()), default=0)
    return {
        "code": trial.code,
        "name": law(pack.jurisdiction.name) if pack else trial.code,
        "running": trial.state is TrialState.RUNNING,
        "fault": trial.fault,
        "done": trial.progress.done,
        "count": trial.progress.count,
        "cases": tally.cases,
        "changed": tally.changed,
        "refused": tally.refused,
        "median": None if tally.median is None else isolated(f"{tally.median / 10:+.1f}", language),
        "kinds": [words(TITLES[kind]) for kind in KINDS],
        "routes": [(names.get(route) or route, counts) for route, counts in tally.by_route([name for name in names if name])],
        "total": tally.routes[":amount"],
        "statuses": _statuses(tally, names, law),
        "chart": [(_step(low, high, words), n, round(100 * n / most, 1)) for low, high, n in tally.steps()] if most else [],
        "from_nothing": tally.from_nothing,
        "worst": [
            (n, _ends(one.before), _ends(one.after), [(names.get(s[0]) or s[0], _status(s[1], law), _status(s[2], law)) for s in one.statuses])
            for n, one in enumerate(tally.worst, 1)
        ],
    }


def _statuses(tally: Tally, names: dict[str, str | None], law: Any) -> list[tuple[str, str, str, int]]:
    found = []
    for key, n in tally.statuses.most_common():
        route, _colon, both = key.partition(":")
        was, _arrow, now = both.partition(">")
        found.append((names.get(route) or route, _status(was, law), _status(now, law), n))
    return found


def _status(status: str, law: Any) -> str:
    return law(STATUS[status]) if status else "–"


def _step(low: int | None, high: int | None, words: Any) -> str:
    if low is None:
        return str(words(BELOW, high=abs(high or 0) // 10))
    if high is None:
        return str(words(ABOVE, low=low // 10))
    return str(words(BETWEEN, low=f"{low // 10:+d}" if low else "0", high=f"{high // 10:+d}" if high else "0"))


def _ends(ends: list[str | None]) -> str:
    low, high = ends
    if low is None:
        return "?"
    return low if low == high else f"{low} – {high or '…'}"
