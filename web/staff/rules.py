"""The rules console: releases of the rules, what each changes, and how it comes into force after a second person has looked."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.datastructures import UploadFile

from calculator.api import default_rules
from calculator.packs.changes import Change, changes
from calculator.packs.load import ENGINE_VERSION
from calculator.packs.released import RATES
from calculator.translation import _, translator
from store.organisations.access import Member
from store.organisations.roles import Action
from store.rules.releases import PRODUCT, Actor, Refused, Release, ReleaseError, State
from store.rules.trials import TrialState
from web.calculating_work import Outcome, Work
from web.errors import Fault, RequestFault, describe
from web.rendering import redirect
from web.security import require_same_origin
from web.services import services_of
from web.staff.doing import done, staff_page, told_day, told_moment
from web.staff.rules_freshness import pages_in_force
from web.staff.rules_impact import in_words, told_trials
from web.staff.rules_reading import found_in
from web.staff.session import allowed

router = APIRouter(prefix="/staff/rules", include_in_schema=False, dependencies=[Depends(require_same_origin)])
#: Letters of a reason at most.
MOST_WHY = 2000
Why = Annotated[str, Form(max_length=MOST_WHY)]
#: Bytes that a file of packs unfolds to at most; those of all States together have 3 million.
MOST_BYTES = 20_000_000
#: The examples of one State may take so many times as long as one case.
TIMES_AS_LONG = 12
#: Differences that one page shows; the file has all.
MOST_CHANGES = 300
#: Letters of what is looked for; sentences of one State that are shown.
MOST_LETTERS, MOST_FOUND = 100, 20

NO_WHY = _("Say in a few words why, for who looks at it and for later.")
NO_FILE = _("This is not a file of rules. Choose one that this page has written, with your changes in it.")
NO_DAY = _("Choose a day from today on.")
REFUSED = {
    Refused.NOT_THERE: _("There is no such release."),
    Refused.NOT_SO_FAR: _("This cannot be done any more. Look at how far it has come."),
    Refused.OWN_WORK: _("You made this. Somebody else has to look at it."),
    Refused.NOTHING_NEW: _("Nothing is different from the rules it was made from."),
    Refused.OTHERS_CHANGED: _(
        "Others have changed the same files since, and that is in force. Make your change again, in the newest rules: {detail}"
    ),
    Refused.ONE_IS_SCHEDULED: _("{detail} comes into force later and would undo this. Withdraw that one first, then make it again after this."),
    Refused.NOT_IN_A_HURRY: _("One person alone may only change whom to call. This changes more: {detail}"),
    Refused.IN_FORCE: _("This is in force. Go back to earlier rules instead, or make a new release."),
    Refused.WRONG_FILES: _("The files of this release are not kept."),
}
STATES = {
    State.NAMED: _("Only its checksum is known"),
    State.DRAFT: _("Draft"),
    State.IN_REVIEW: _("Somebody else has to look at it"),
    State.SCHEDULED: _("Approved for a later day"),
    State.IN_FORCE: _("In force"),
    State.OVER: _("Was in force"),
    State.WITHDRAWN: _("Taken back"),
}


@router.get("")
async def all_releases(request: Request, member: Annotated[Member, Depends(allowed(Action.READ_RULES))]) -> Response:
    """Every release, the newest first."""
    return await _list(request, member)


@router.post("")
async def draft(request: Request, member: Annotated[Member, Depends(allowed(Action.DRAFT_RULES))]) -> Response:
    """A draft from a file of packs: files in it take the place of those of the release it was made from. Its examples must come out."""
    # Read here, when it is known who sends it.
    typed = await request.form()
    file, base, why = typed.get("file"), str(typed.get("base", "")), str(typed.get("why", ""))[:MOST_WHY]
    if not why.strip():
        return await _list(request, member, 422, [NO_WHY])
    services = services_of(request)
    try:
        new = await asyncio.to_thread(_unpacked, await file.read() if isinstance(file, UploadFile) else b"")
        files = {**await _of_releases(services.releases.files, base), **new}
        return await drafted(request, member, files, base, why)
    except (zipfile.BadZipFile, ValueError) as error:
        return await _list(request, member, 422, [said_why(request, error) if isinstance(error, ReleaseError) else NO_FILE])


async def drafted(
    request: Request, member: Member, files: dict[str, bytes], base: str, why: str, again: Callable[[list[str]], Response] | None = None
) -> Response:
    """A draft of these files, once a worker has tried them; else a page that says what is wrong: `again`, or the list. Raises ReleaseError."""
    services = services_of(request)
    wrong = await _tried(request, member, files, base)
    if wrong:
        return again(wrong) if again is not None else await _list(request, member, 422, wrong)
    made = await _of_releases(services.releases.draft, Actor.of(member), files, ENGINE_VERSION, why, base)
    # The page that she sees next says that it is being tried.
    await done(services.trials.begin, sorted(default_rules().packs))
    return redirect(f"/staff/rules/{made.id}")


@router.get("/find")
async def find(request: Request, member: Annotated[Member, Depends(allowed(Action.READ_RULES))], words: str = "") -> Response:
    """In which States something stands: sentences that people are told, and figures."""
    language = services_of(request).language_of(request)
    wanted = words.strip()[:MOST_LETTERS]
    found = await asyncio.to_thread(_found, wanted, language) if wanted else []
    return staff_page(request, "staff_rules_find.html", wanted=wanted, found=found)


def _found(wanted: str, language: str) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    law = translator(language, "law")
    states = sorted(((law(pack.jurisdiction.name), pack) for pack in default_rules().packs.values()), key=lambda one: one[0].casefold())
    each = [(pack.code, name, found_in(pack, wanted, language, MOST_FOUND)) for name, pack in states]
    return [one for one in each if one[2]]


@router.get("/{release}")
async def one_release(request: Request, release: str, member: Annotated[Member, Depends(allowed(Action.READ_RULES))]) -> Response:
    """What it changes, and what can be done with it."""
    return await _page(request, member, release)


@router.get("/{release}/file")
async def take_out(request: Request, release: str, member: Annotated[Member, Depends(allowed(Action.EXPORT_RULES))]) -> Response:
    """The packs as they were released, byte by byte."""
    services = services_of(request)
    files = await _of_releases(services.releases.files, release)
    await done(services.releases.exported, Actor.of(member), release)
    data = await asyncio.to_thread(_packed, files)
    return Response(data, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="rules-{release}.zip"'})


@router.post("/{release}/submit")
async def submit(request: Request, release: str, member: Annotated[Member, Depends(allowed(Action.SUBMIT_RULES))]) -> Response:
    """Ask somebody else to look at it."""
    return await _decided(request, member, release, services_of(request).releases.submit, Actor.of(member), release)


@router.post("/{release}/approve")
async def approve(
    request: Request,
    release: str,
    member: Annotated[Member, Depends(allowed(Action.APPROVE_RULES))],
    start: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """A second person lets it come into force, on a day (UTC) or at once."""
    try:
        from_at = datetime.combine(date.fromisoformat(start), time(), UTC) if start else None
    except ValueError:
        return await _page(request, member, release, 422, NO_DAY)
    if from_at is not None and from_at.date() < datetime.now(UTC).date():
        return await _page(request, member, release, 422, NO_DAY)
    return await _decided(request, member, release, services_of(request).releases.approve, Actor.of(member), release, from_at)


@router.post("/{release}/alone")
async def approve_alone(request: Request, release: str, member: Annotated[Member, Depends(allowed(Action.APPROVE_RULES_ALONE))]) -> Response:
    """A dead number is replaced at once, by one person; it ends by itself unless a second one looks at it."""
    return await _decided(request, member, release, services_of(request).releases.approve_in_a_hurry, Actor.of(member), release)


@router.post("/{release}/confirm")
async def confirm(request: Request, release: str, member: Annotated[Member, Depends(allowed(Action.CONFIRM_RULES))]) -> Response:
    """A second person has looked at what one let in alone."""
    return await _decided(request, member, release, services_of(request).releases.confirm, Actor.of(member), release)


@router.post("/{release}/back")
async def roll_back(
    request: Request, release: str, member: Annotated[Member, Depends(allowed(Action.ROLL_BACK_RULES))], why: Why = ""
) -> Response:
    """Bring back what it said, as a new release, at once."""
    if not why.strip():
        return await _page(request, member, release, 422, NO_WHY)
    work = services_of(request).releases.roll_back
    return await _decided(request, member, release, work, Actor.of(member), release, ENGINE_VERSION, why)


@router.post("/{release}/withdraw")
async def withdraw(request: Request, release: str, member: Annotated[Member, Depends(allowed(Action.WITHDRAW_RULES))]) -> Response:
    """Take it back before it is in force."""
    return await _decided(request, member, release, services_of(request).releases.withdraw, Actor.of(member), release)


async def _decided(request: Request, member: Member, release: str, work: Any, *given: Any) -> Response:
    """Do something with a release and show it, or the new one that came of it."""
    try:
        found = await done(work, *given)
    except ReleaseError as error:
        if error.refused is Refused.NOT_THERE:
            raise RequestFault(Fault.NOT_FOUND) from None
        return await _page(request, member, release, 422, said_why(request, error))
    return redirect(f"/staff/rules/{found.id if isinstance(found, Release) else release}")


async def _of_releases(work: Any, *given: Any) -> Any:
    """Raises RequestFault where there is no such release, and ReleaseError for all else."""
    try:
        return await done(work, *given)
    except ReleaseError as error:
        if error.refused is Refused.NOT_THERE:
            raise RequestFault(Fault.NOT_FOUND) from None
        raise


async def _tried(request: Request, member: Member, files: dict[str, bytes], base: str) -> list[str]:
    """What is wrong with new rules: packs that do not load, examples that do not come out. In English, as packs are written."""
    services = services_of(request)
    before = await _of_releases(services.releases.files, base)
    codes = sorted({name.partition("/")[0] for name in files if files[name] != before.get(name) and "/" in name and not name.startswith(RATES)})
    try:
        pointer = await asyncio.to_thread(services.rules.drafted, files)
        wrong: list[str] = []
        # One State at a time: each within the time that a calculation may take.
        for code in codes or [""]:
            body = json.dumps({"packs": [code] if code else []}).encode()
            reply = await services.calculators.run(
                Work("rules", body, "en", services.languages, pointer, TIMES_AS_LONG), member.id, limited=False
            )
            if reply.outcome == Outcome.NO_RELEASE:
                return [reply.body.decode("utf-8", "replace")]
            if reply.outcome != Outcome.ANSWERED:
                raise RequestFault(Fault.BROKEN)
            wrong += json.loads(reply.body)
        return wrong
    except RequestFault as fault:
        return [" ".join(describe(fault.fault, services.words(services.language_of(request))))]
    except OSError:
        raise RequestFault(Fault.BROKEN) from None


def _unpacked(data: bytes) -> dict[str, bytes]:
    """YAML files of a zip by their path. Raises zipfile.BadZipFile, ValueError."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [one for one in archive.infolist() if not one.is_dir()]
        if not entries or sum(one.file_size for one in entries) > MOST_BYTES:
            raise ValueError("too large")
        for one in entries:
            parts = one.filename.split("/")
            if not one.filename.endswith(".yaml") or len(parts) > 4 or any(part in ("", ".", "..") or "\\" in part for part in parts):
                raise ValueError(one.filename)
        return {one.filename: archive.read(one) for one in entries}


def _packed(files: dict[str, bytes]) -> bytes:
    """The same files give the same bytes."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return found.getvalue()


def said_why(request: Request, error: ReleaseError) -> str:
    """Why something cannot be done, in the reader's language."""
    words = services_of(request).words(services_of(request).language_of(request))
    return words(REFUSED[error.refused], detail=error.detail)


async def _list(request: Request, member: Member, status: int = 200, wrong: list[str] | None = None) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    words = services.words(language)
    found = await done(services.releases.all)
    names = await done(services.releases.names)
    waiting = {one.url for one in await done(services.sources.open)}
    law = translator(language, "law")
    newest = next((one for one in found if one.state in (State.SCHEDULED, State.IN_FORCE)), None)
    trouble = services.rules.trouble
    return staff_page(
        request,
        "staff_rules.html",
        status,
        wrong=[words(text) for text in wrong or []][:MOST_CHANGES],
        trouble=(trouble[0].release, str(trouble[1])) if trouble else None,
        base=newest.id if newest is not None else "",
        may_draft=member.may(Action.DRAFT_RULES),
        states=sorted(((code, law(pack.jurisdiction.name)) for code, pack in default_rules().packs.items()), key=lambda one: one[1].casefold()),
        releases=[told_release(one, names, language, words) for one in found],
        sources_wait=len(waiting & set(pages_in_force())),
    )


def told_release(one: Release, names: dict[str, str], language: str, words: Any) -> dict[str, Any]:
    """A release in words."""
    return {
        "id": one.id,
        "state": one.state.value,
        "stands": words(STATES[one.state]),
        "why": one.note or "",
        "made": told_moment(one.created_at, language),
        "maker": names.get(one.made_by or "", one.made_by or ""),
        "decider": names.get(one.decided_by or "", one.decided_by or ""),
        "since": told_moment(one.from_at, language) if one.from_at is not None and one.state is not State.WITHDRAWN else "",
        "alone_until": told_moment(one.ends_at, language) if one.ends_at is not None and one.state is State.IN_FORCE else "",
        "sha256": one.sha256,
    }


async def _page(request: Request, member: Member, release: str, status: int = 200, notice: str | None = None) -> Response:
    services = services_of(request)
    language = services.language_of(request)
    one: Release = await _of_releases(services.releases.one, release)
    names = await done(services.releases.names)
    differs: list[Change] = []
    if one.base is not None and one.state is not State.NAMED:
        try:
            before, after = await done(services.releases.files, one.base), await done(services.releases.files, one.id)
            differs = await asyncio.to_thread(changes, before, after)
        except ReleaseError as error:
            notice = notice or said_why(request, error)
    changed = await done(services.releases.changed_names, one.id)
    trials = await done(services.trials.of, one.id)
    reviews = member.may(Action.APPROVE_RULES)
    own = one.made_by == member.id
    waits = one.state in (State.DRAFT, State.IN_REVIEW)
    return staff_page(
        request,
        "staff_release.html",
        status,
        notice=notice,
        release=told_release(one, names, language, services.words(language)),
        release_id=one.id,
        base=one.base,
        in_words=await in_words(request, one, changed),
        trials=told_trials(request, trials),
        runs=any(trial.state is TrialState.RUNNING for trial in trials),
        changes=differs[:MOST_CHANGES],
        more=max(0, len(differs) - MOST_CHANGES),
        today=told_day(datetime.now(UTC), language),
        whole=one.state is not State.NAMED,
        may_submit=one.state is State.DRAFT and member.may(Action.SUBMIT_RULES),
        may_approve=reviews and not own and (one.state is State.IN_REVIEW or (one.state is State.DRAFT and one.made_by == PRODUCT)),
        may_alone=reviews and waits,
        may_confirm=reviews and one.state is State.IN_FORCE and one.ends_at is not None and member.id not in (one.made_by, one.decided_by),
        may_roll_back=reviews and one.state is State.OVER and one.ends_at is None,
        may_withdraw=(waits or one.state is State.SCHEDULED) and member.may(Action.WITHDRAW_RULES),
    )
