"""What stands behind a result and is told when asked for: amounts, papers, sources, what others got, and how to make it more exact."""

from __future__ import annotations

from actions.interview import corrections, early
from actions.interview.amounts import TOTAL, of_route, one_amount, said
from actions.interview.ask import TO
from actions.interview.facts import CONTINUE
from actions.interview.result import (
    GO_ON,
    NONE_OPEN,
    NOT_ADVICE,
    SHOW_AWARDS,
    buttons,
    days,
    for_an_adult,
    is_minor,
    ordered,
    switch,
    ways,
    work_out,
)
from actions.turn import Turn
from calculator.engine.result.document import Figure, Range, Route
from calculator.engine.result.document_json import as_json
from calculator.engine.result.sentences import AT_LEAST, AWARD_SOURCE, AWARDS, AWARDS_NOTE, CONFIDENCE, SEE_BAND
from calculator.translation import _
from calculator.wording import figure
from envelope import Extras

AMOUNTS = _("These are rough amounts from the law:")
MORE_AWARDS = _("More decisions that we know of: {number}.")
NO_AWARDS = _("I know of no sum that others got here.")
PAPERS = _("For {name}:")
LINE_STEP = _("{what}: {value}. Source: {title}, holds from {day}.")
NO_FIGURES = _("There are no figures yet. Some more answers are needed.")
SOURCES_OF = _("How the amounts were worked out ({name}):")
FOR_LAWYERS = _("For your lawyer ({name}):")
SENSITIVE = _("May I also ask about injuries and sexual violence? The law may give more money for such harm. You can skip every question.")
YES_SENSITIVE = _("Yes, ask me")
NO_SENSITIVE = _("No, not that")
SHOWN_AWARDS, SHOWN_HELP = 4, 4


def amounts(turn: Turn) -> None:
    """Each route's amount, the choice it leaves, what is not confirmed, and the total."""
    found = for_an_adult(turn)
    if found is None:
        return
    currency = found.currency
    lines = [turn.translate(AMOUNTS)]
    figures = []
    shown = [r for r in ordered(found) if r.status != "closed"]
    for route in sorted(shown, key=lambda r: r.amount.low is None):
        lines += of_route(turn, route, currency, route.instead[:1])
        extra = route.unconfirmed
        figures.append({"id": route.id, "amount": as_json(route.amount), "unconfirmed": as_json(extra) if extra else None})
    total = found.total
    if total.low is not None:
        lines.append(said(turn, TOTAL, total, currency))
    lines += found.beside_total
    # What would help is said once for all ways.
    lines += list(dict.fromkeys(text for route in shown for text in route.instead[1:]))[:SHOWN_HELP]
    lines.append(turn.translate(NOT_ADVICE))
    more = [b for b in buttons(turn, False) if '"amounts"' not in b.payload]
    if any(route.has_others for route in shown):
        more.insert(0, turn.button(SHOW_AWARDS, '/result{"show": "awards"}'))
    turn.say_lines(lines, kind="estimate", extras=Extras(shown={"amounts": figures, "total": as_json(total)}), buttons=more)


def awards(turn: Turn) -> None:
    """What courts and offices gave other people on the routes that are not closed: asked for, apart from the person's own sums."""
    found = for_an_adult(turn)
    if found is None:
        return
    known = [r for r in ordered(found) if r.status != "closed" and r.has_others]
    if not known:
        turn.say(NO_AWARDS, kind="estimate")
    else:
        opening = [turn.translate(AWARDS), turn.translate(AWARDS_NOTE), *([found.asked_and_given] if found.asked_and_given else [])]
        turn.say_lines(opening, kind="estimate")
    told: set[str] = set()
    nearest = _nearest(known, found.code)
    for route in known:
        lines = _of_others(turn, route, nearest[:SHOWN_AWARDS], told)
        if lines:
            turn.say_lines([route.name, *lines], kind="estimate")
    if len(nearest) > SHOWN_AWARDS:
        turn.say_lines([turn.words(MORE_AWARDS, number=str(len(nearest) - SHOWN_AWARDS))], kind="estimate")
    turn.messages[-1].buttons += buttons(turn, False)


def _nearest(routes: list[Route], place: str) -> list[str]:
    """The decisions of all routes, nearest first: like the case, then of its own country."""
    country = place.partition("-")[0]
    decisions = {one.id: one for route in reversed(routes) for one in reversed(route.decisions)}
    return sorted(reversed(decisions), key=lambda name: (not decisions[name].is_alike, decisions[name].country != country))


def _of_others(turn: Turn, route: Route, shown: list[str], told: set[str]) -> list[str]:
    """What courts and offices go by on a route, the decisions nearest to the case, and how near they are.

    `told`: what was said already. Two routes of one State know the same decisions, and each is told once.
    """
    lines = []
    for band in route.told_bands:
        if band.text not in told:
            lines += [str(band.text), turn.translate(SEE_BAND)]
            if band.source is not None:
                lines.append(turn.words(AWARD_SOURCE, title=band.source.title, confidence=turn.translate(CONFIDENCE[band.confidence])))
    fresh = [one for one in route.decisions if one.id in shown and one.id not in told]
    for one in fresh:
        said = turn.words(AWARD_SOURCE, title=one.source.title, confidence=turn.translate(CONFIDENCE[one.confidence]))
        lines += [one.which, one.facts, *one.sums, *one.beside, said]
    # How near they are is said where one of them is.
    of_these = [text for text in route.notes_on_others if fresh or text not in route.compared]
    lines += [text for text in of_these if text not in told]
    told.update((*(str(band.text) for band in route.told_bands), *(one.id for one in fresh), *of_these))
    return lines


def papers(turn: Turn) -> None:
    found = work_out(turn)
    if found is None:
        return
    with_papers = [r for r in ordered(found) if r.status != "closed" and r.documents]
    for route in with_papers[:3]:
        turn.say_lines([turn.words(PAPERS, name=route.name), *(d.text for d in route.documents)], kind="estimate")
    if not with_papers:
        turn.say(NONE_OPEN, kind="estimate")
    minor = is_minor(turn, found)
    turn.messages[-1].buttons += [b for b in buttons(turn, minor) if '"papers"' not in b.payload]


def sources(turn: Turn) -> None:
    """Every figure with the law behind it: which value, since when, from which text."""
    found = for_an_adult(turn)
    if found is None:
        return
    currency = found.currency
    for route in ordered(found):
        lines = []
        seen = set()
        for line in route.lines:
            lines.append(one_amount(turn, line.name, line.amount, currency))
            if line.note and not line.counted:
                lines.append(line.note)
            if line.counted_out is not None:
                lines += line.counted_out.text
            for entry in line.trace:
                source, since = entry.source, entry.valid_from
                key = (entry.parameter, since)
                if source is None or since is None or key in seen or entry.value in _NO_FIGURE:
                    continue
                seen.add(key)
                title = _title(turn, entry.parameter)
                lines.append(turn.words(LINE_STEP, what=title, value=_figure(turn, entry.value), title=source.title, day=turn.day(since)))
        if lines:
            turn.say_lines([turn.words(SOURCES_OF, name=route.name), *lines[:24]], kind="estimate")
        if route.law_gaps and route.status != "closed":
            turn.say_lines([turn.words(FOR_LAWYERS, name=route.name), *route.law_gaps], kind="estimate")
    if not turn.messages:
        turn.say(NO_FIGURES, kind="estimate")
    turn.messages[-1].buttons += [b for b in buttons(turn, False) if '"sources"' not in b.payload]


#: States of a figure that was not used.
_NO_FIGURE = ("excluded", "unknown", "missing")


def _figure(turn: Turn, value: Figure) -> str:
    if not isinstance(value, Range):
        return figure(str(value), turn.language)
    low = figure(str(value.low), turn.language)
    if value.high is None:
        return turn.words(AT_LEAST, amount=low)
    return turn.words(TO, low=low, high=figure(value.high, turn.language))


def _title(turn: Turn, parameter: str | None) -> str:
    known = turn.pack.parameters.get(parameter or "") if turn.pack else None
    return turn.translate(known.title) if known else str(parameter)


def more_exact(turn: Turn) -> None:
    """Ask consent before the intimate questions; without it only the others are asked."""
    turn.interview.exact = True
    turn.say(
        SENSITIVE,
        kind="question",
        buttons=[turn.button(YES_SENSITIVE, '/result{"show": "sensitive"}'), turn.button(NO_SENSITIVE, '/result{"show": "not_sensitive"}')],
    )


def respond(turn: Turn) -> None:
    """What was asked of the result by its buttons: amounts, papers, sources, what others got, more exact, a correction."""
    what = str(turn.entities.get("show") or "amounts")
    if what in ("sensitive", "not_sensitive"):
        turn.interview.sensitive = what == "sensitive"
        turn.interview.shown = False
        turn.say(GO_ON, buttons=[turn.button(CONTINUE, "/ask_compensation")])
    elif what == "country":
        switch(turn, str(turn.entities.get("value") or ""))
    elif what == "ways":
        number = str(turn.entities.get("value") or "0")
        ways(turn, int(number) if number.isdigit() else 0)
    elif what == "correct":
        corrections.offer(turn)
    else:
        {"days": days, "early": early.show, "papers": papers, "sources": sources, "awards": awards, "exact": more_exact}.get(what, amounts)(turn)
