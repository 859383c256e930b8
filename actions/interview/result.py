"""The result, told in three short messages: what may be claimed, until when, what to do next."""

from __future__ import annotations

from actions.interview.ask import COUNTRY, country_of, other_countries
from actions.interview.facts import CONTINUE
from actions.topics import out, rights
from actions.topics.country import ask_country, country_name, say_no_rules
from actions.topics.services import best_line, card
from actions.topics.talk import menu
from actions.turn import Button, Turn
from calculator import api
from calculator.case.paths import get, put
from calculator.case.read import read_case
from calculator.engine.result.document import Jurisdiction, Route
from calculator.engine.result.report import report
from calculator.engine.result.sentences import LATE, UNSURE
from calculator.engine.routes.estimate import estimate
from calculator.errors import CaseError
from calculator.translation import _
from envelope import Extras

YOU_IS_THAT_PERSON = _("In the steps and rules below, “you” means that person.")
WHAT = _("This is what you may claim:")
ROUTE_OPEN = _("{name}: open to you.")
ROUTE_LIKELY = _("{name}: likely open to you.")
ROUTE_UNCERTAIN = _("{name}: perhaps. Some facts are missing.")
ROUTE_LATER = _("{name}: not now. It waits for this: {event}")
ROUTE_LATER_PLAIN = _("{name}: not open to you now. This may change.")
ROUTE_CLOSED = _("{name}: not open to you now. {reason}")
NONE_OPEN = _("With what I know, I see no way to claim money now. This may change. An advice centre can look again.")
UNTIL = _("Until when:")
DEADLINE = _("{day}: {rule} ({name})")
DEADLINE_PASSED = _("{rule} ({name}): that day was {day}.")
NO_DAY = _("I do not know the deadlines yet. They depend on when the work or the harm ended. Ask a lawyer or an advice centre soon.")
NEXT = _("What to do next:")
WHEN_SAFE = _("These steps can wait until you are safe:")
WORDS_THERE = _("Words for the office:")
NOT_ADVICE = _("This is information, not legal advice. A lawyer or an advice centre can check it for free.")
PAYS = _("How many people got money this way: {text}")
MINOR = _("You are under 18. Amounts are worked out together with an adult who helps you, such as a guardian or an advice centre.")
MINOR_RIGHTS = _("You have all the rights below, and more time for many of them.")
SHOW_AMOUNTS = _("How much?")
SHOW_PAPERS = _("Which papers?")
SHOW_SOURCES = _("How was this worked out?")
MORE_EXACT = _("Make it more exact")
CORRECT = _("Change an answer")
CASE_PROBLEM = _("I cannot work it out with these answers.")
ELSEWHERE = _("You also named {country}. It has its own rules.")
WORK_OUT_THERE = _("Work out {country}")
GO_ON = _("We go on where we stopped.")
NO_COUNTRY = _("Without the country I cannot work out a sum. That is all right. You have rights in every country.")
CHOOSE_COUNTRY = _("Choose a country")
SHOWN_ROUTES = 6
SHOWN_STEPS = 4
SHOWN_WORDS, SHOWN_WORDS_OF_A_WAY = 4, 3


def work_out(turn: Turn) -> Jurisdiction | None:
    """The estimate of the chat's country; None when the case cannot be used (said in words)."""
    country = country_of(turn)
    if country is None:
        named = get(turn.case, COUNTRY)
        if turn.interview.country_unsaid:
            _without_country(turn)
        elif named in (None, "unknown", "declined"):
            ask_country(turn, "ask_compensation")
        else:
            turn.interview.pending = "ask_compensation"
            say_no_rules(turn, named)
        if turn.case.get("exploitation"):
            put(turn.case, COUNTRY, None)
        return None
    try:
        case = read_case(turn.case)
        found = estimate(case, api.default_rules(), turn.today, [country])
    except CaseError as error:
        problem, fix = error.said(turn.translate)
        turn.say_lines([turn.translate(CASE_PROBLEM), problem, fix])
        return None
    return report(found, turn.translate, turn.language).jurisdictions[0]


def _without_country(turn: Turn) -> None:
    """The country was not known or not said: what holds everywhere, and the way on."""
    turn.interview.pending = "ask_compensation"
    turn.say_lines(
        [turn.translate(NO_COUNTRY), turn.translate(rights.LEGAL_HELP), turn.translate(rights.RETURN_CLAIM)],
        buttons=[turn.button(CHOOSE_COUNTRY, "/change_country"), *menu(turn)],
    )


def is_minor(turn: Turn, found: Jurisdiction) -> bool:
    """By the birth date, or because the person said so."""
    return turn.interview.adult is False or found.minor is True


def for_an_adult(turn: Turn) -> Jurisdiction | None:
    """The estimate for what tells amounts; None, said in words, when there is none or the person is under 18."""
    found = work_out(turn)
    if found is not None and is_minor(turn, found):
        turn.say(MINOR, kind="estimate", buttons=buttons(turn, True))
        return None
    return found


def show(turn: Turn) -> None:
    """What, until when, what next: three messages."""
    found = work_out(turn)
    if found is None:
        return
    turn.interview.shown = True
    minor = is_minor(turn, found)
    safety = out.stands(turn, minor)
    turn.messages += safety
    _what(turn, found, minor)
    what = turn.messages[-1]
    _until(turn, found)
    _next(turn, found, minor, bool(safety))
    cards = [message.extras.shown["service"] for message in turn.messages if "service" in message.extras.shown]
    what.extras.result = {
        "case": turn.case,
        "country": country_of(turn),
        "minor": minor,
        "services": cards,
        "language": turn.language,
        "for_another": turn.interview.helper,
    }
    _elsewhere(turn)


def _elsewhere(turn: Turn) -> None:
    """Another country where it happened is worked out for itself, when the person wants to."""
    for code in other_countries(turn):
        turn.say(
            ELSEWHERE,
            country=country_name(turn, code),
            buttons=[Button(turn.words(WORK_OUT_THERE, country=country_name(turn, code)), f'/result{{"show": "country", "value": "{code}"}}')],
        )


def switch(turn: Turn, code: str) -> None:
    """The questions and the result are now those of another country of the case."""
    if code in other_countries(turn):
        turn.interview.country = code
        turn.interview.shown = False
    turn.say(GO_ON, buttons=[turn.button(CONTINUE, "/ask_compensation")])


def ordered(found: Jurisdiction) -> list[Route]:
    order = ["open", "likely", "uncertain", "later", "closed"]
    return sorted(found.routes, key=lambda r: order.index(r.status))


def _what(turn: Turn, found: Jurisdiction, minor: bool) -> None:
    lines = [turn.translate(MINOR), turn.translate(MINOR_RIGHTS)] if minor else []
    lines.append(turn.translate(WHAT))
    if turn.interview.helper:
        # The packs' own sentences are written to the person herself.
        lines.append(turn.translate(YOU_IS_THAT_PERSON))
    sentences = {"open": ROUTE_OPEN, "likely": ROUTE_LIKELY, "uncertain": ROUTE_UNCERTAIN}
    routes = ordered(found)
    if all(r.status in ("closed", "later") for r in routes):
        lines.append(turn.translate(NONE_OPEN))
    for route in routes[:SHOWN_ROUTES]:
        # What the research does not confirm says so, wherever it is shown.
        unsure = route.confidence == "unverified"
        if route.status == "later":
            text = (
                turn.words(ROUTE_LATER, name=route.name, event=route.waits_for)
                if route.waits_for
                else turn.words(ROUTE_LATER_PLAIN, name=route.name)
            )
        elif route.status == "closed":
            failed = next((c for c in route.conditions if c.status == "not_met"), None)
            reason = route.late.text if failed is None and route.late else (failed and failed.reason) or ""
            text = turn.words(ROUTE_CLOSED, name=route.name, reason=reason)
            unsure = failed is not None and failed.confidence == "unverified"
        else:
            text = turn.words(sentences[route.status], name=route.name)
        lines.append(text)
        if route.late and route.status != "closed":
            lines.append(route.late.text)
        if unsure:
            lines.append(turn.translate(UNSURE))
        if route.how_often and route.status != "closed":
            lines.append(turn.words(PAYS, text=route.how_often))
    summary = [{"id": r.id, "status": r.status} for r in found.routes]
    turn.say_lines(lines, kind="estimate", extras=Extras(shown={"routes": summary}))


def _until(turn: Turn, found: Jurisdiction) -> None:
    """Days still to come first, soonest first; past ones with what becomes of who asks now."""
    rows = [(d.date, d, route.name) for route in found.routes if route.status != "closed" for d in route.deadlines if d.date]
    coming = sorted((row for row in rows if row[1].coming), key=lambda row: row[0])
    passed = sorted((row for row in rows if row[1].passed), key=lambda row: row[0], reverse=True)
    lines = [turn.translate(UNTIL)]
    for day, deadline, name in coming[:SHOWN_STEPS]:
        lines.append(turn.words(DEADLINE, day=turn.day(day), rule=deadline.short, name=name))
        if deadline.confidence == "unverified":
            lines.append(turn.translate(UNSURE))
        if deadline.relief:
            lines.append(deadline.relief)
    for day, deadline, name in passed[:2]:
        lines.append(turn.words(DEADLINE_PASSED, rule=deadline.short, name=name, day=turn.day(day)))
        lines += [turn.translate(UNSURE)] if deadline.confidence == "unverified" else []
        lines += [turn.translate(LATE[deadline.becomes_of_late])] if deadline.bars != "older_parts" else []
        lines += [deadline.relief] if deadline.relief else []
    if len(lines) == 1:
        lines.append(turn.translate(NO_DAY))
    turn.say_lines(lines, kind="estimate")


def _next(turn: Turn, found: Jurisdiction, minor: bool, safety_first: bool) -> None:
    lines = [turn.translate(WHEN_SAFE if safety_first else NEXT)]
    best = [r for r in ordered(found) if r.status in ("open", "likely", "uncertain")]
    best.sort(key=lambda r: r.amount.low is None)
    reporting = next((r.report_note for r in best if r.may_report_status and r.report_note), None)
    if reporting:
        lines.append(reporting)
    # Two ways may begin with the same step.
    lines += dict.fromkeys(step for route in best[:2] for step in route.steps[:2])
    words = list(dict.fromkeys(term.text for route in best[:2] for term in route.terms[:SHOWN_WORDS_OF_A_WAY]))[:SHOWN_WORDS]
    lines += [turn.translate(WORDS_THERE), *words] if words else []
    lines += [found.office_language] if found.office_language else []
    lines.append(turn.translate(NOT_ADVICE))
    turn.say_lines(lines, kind="estimate", buttons=buttons(turn, minor))
    if turn.pack is not None:
        helper = best_line(turn, ("children", "trafficking") if minor else ("legal_aid", "trafficking", "victims", "women"))
        shown = {message.text for message in turn.messages}
        turn.messages += [found for found in ([card(turn, helper)] if helper else []) if found.text not in shown]


def buttons(turn: Turn, minor: bool) -> list[Button]:
    """What can be asked of a result. Amounts are only shown when asked for, and not to someone under 18."""
    wanted = [(SHOW_PAPERS, "papers"), (SHOW_SOURCES, "sources"), (MORE_EXACT, "exact"), (CORRECT, "correct")]
    if not minor:
        wanted.insert(0, (SHOW_AMOUNTS, "amounts"))
    else:
        wanted = [w for w in wanted if w[1] in ("papers", "correct")]
    return [turn.button(title, f'/result{{"show": "{what}"}}') for title, what in wanted]
