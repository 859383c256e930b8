"""The result: one card first, a number to call, and everything else when it is asked for, way by way."""

from __future__ import annotations

from actions.interview import corrections
from actions.interview.amounts import of_route
from actions.interview.ask import COUNTRY, country_of, other_countries
from actions.interview.facts import CONTINUE
from actions.topics import out, rights
from actions.topics.country import ask_country, country_name, say_no_rules
from actions.topics.services import best_line, short_card
from actions.topics.talk import menu
from actions.turn import Button, Message, Turn
from calculator import api
from calculator.case.paths import get, put
from calculator.case.read import read_case
from calculator.engine.result.card import NO_DAY, card_of, in_order
from calculator.engine.result.document import Jurisdiction, Route
from calculator.engine.result.report import report
from calculator.engine.result.sentences import LATE, UNSURE
from calculator.engine.routes.estimate import estimate
from calculator.errors import CaseError
from calculator.translation import _
from envelope import Extras

YOU_IS_THAT_PERSON = _("In the steps and rules below, “you” means that person.")
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
NEXT = _("What to do next:")
WHEN_SAFE = _("These steps can wait until you are safe:")
WORDS_THERE = _("Words for the office:")
NOT_ADVICE = _("This is information, not legal advice. A lawyer or an advice centre can check it for free.")
PAYS = _("How many people got money this way: {text}")
MINOR = _("You are under 18. Amounts are worked out together with an adult who helps you, such as a guardian or an advice centre.")
OUT_OF = _("Way {number} of {count}:")
NO_WAYS = _("I know of no way to money here now.")
SHOW_WAYS = _("Show each way")
NEXT_WAY = _("Show the next way")
SHOW_DAYS = _("Until when?")
SHOW_AMOUNTS = _("How much?")
SHOW_AWARDS = _("What did others get?")
SHOW_PAPERS = _("Which papers?")
SHOW_SOURCES = _("How was this worked out?")
MORE_EXACT = _("Make it more exact")
CORRECT = _("Change an answer")
CASE_PROBLEM = _("I cannot work it out with these answers.")
ELSEWHERE = _("You also named {country}. It has its own rules.")
WORK_OUT_THERE = _("Work out {country}")
#: What somebody under 18 is shown of a result in the chat.
FOR_MINORS = ("ways", "days", "papers", "correct")
GO_ON = _("We go on where we stopped.")
NO_COUNTRY = _("Without the country I cannot work out a sum. That is all right. You have rights in every country.")
CHOOSE_COUNTRY = _("Choose a country")
SHOWN_STEPS, SHOWN_WORDS = 4, 4
SHOWN_DAYS, SHOWN_PASSED = 4, 2


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
        return _worked_out(turn, country)
    except CaseError as error:
        problem, fix = error.said(turn.translate)
        turn.say_lines([turn.translate(CASE_PROBLEM), problem, fix])
        return None


def so_far(turn: Turn) -> Jurisdiction | None:
    """The estimate with what is known in the middle of the questions; None, and not a word, without one."""
    country = country_of(turn)
    return _estimate(turn, country) if country is not None else None


def _estimate(turn: Turn, country: str) -> Jurisdiction | None:
    """For a card, which shows no working out."""
    try:
        return _worked_out(turn, country, trace=False)
    except CaseError:
        return None


def _worked_out(turn: Turn, country: str, trace: bool = True) -> Jurisdiction:
    found = estimate(read_case(turn.case), api.default_rules(), turn.today, [country], trace=trace)
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
    """The card of each country, and whom to call."""
    found = work_out(turn)
    if found is None:
        return
    turn.interview.shown = True
    minor = is_minor(turn, found)
    safety = out.stands(turn, minor)
    turn.messages += safety
    said = first_card(turn, found, minor, unasked=not safety)
    cards = [message.extras.shown["service"] for message in turn.messages if "service" in message.extras.shown]
    if not cards and turn.pack is not None:
        helper = best_line(turn, ("children", "trafficking") if minor else ("legal_aid", "trafficking", "victims", "women"))
        if helper is not None:
            turn.messages.append(short_card(turn, helper))
            cards = [turn.messages[-1].extras.shown["service"]]
    said.extras.result = {
        "case": turn.case,
        "country": country_of(turn),
        "minor": minor,
        "services": cards,
        "answers": _answers(turn),
        "language": turn.language,
        "for_another": turn.interview.helper,
        "unsafe": bool(safety),
    }
    more = buttons(turn, minor)
    if not minor and any(route.has_others for route in found.routes if route.status != "closed"):
        more.insert(2, turn.button(SHOW_AWARDS, '/result{"show": "awards"}'))
    turn.messages[-1].buttons += more
    _elsewhere(turn)


def _answers(turn: Turn) -> list[str]:
    """Each question with what was answered, as they were asked."""
    return [corrections.with_answer(turn, fact) for fact in corrections.answered(turn)]


def first_card(turn: Turn, found: Jurisdiction, minor: bool, unasked: bool = True) -> Message:
    """What stands first of one country. `unasked` False: no sums, for safety comes first."""
    told = card_of(found, turn.translate, turn.language, minor, amounts=unasked)
    turn.interview.near = told.day is not None and told.day.urgent
    summary = [{"id": r.id, "status": r.status} for r in found.routes]
    lines = told.lines
    if not unasked and told.first:
        # The first thing is to be safe.
        lines.insert(-1, turn.translate(WHEN_SAFE))
    turn.say_lines(lines, kind="estimate", extras=Extras(shown={"routes": summary}))
    return turn.messages[-1]


def _elsewhere(turn: Turn) -> None:
    """One card a country: another one where it happened, as far as its answers are there, and the way to its own questions."""
    for code in other_countries(turn):
        there = _estimate(turn, code)
        minor = there is not None and is_minor(turn, there)
        told = card_of(there, turn.translate, turn.language, minor) if there is not None else None
        knows = told is not None and (told.day is not None or told.says is not None) and not out.reasons(turn)
        lines = told.lines if told is not None and knows else []
        turn.say_lines(
            [turn.words(ELSEWHERE, country=country_name(turn, code)), *lines],
            buttons=[Button(turn.words(WORK_OUT_THERE, country=country_name(turn, code)), f'/result{{"show": "country", "value": "{code}"}}')],
        )


def switch(turn: Turn, code: str) -> None:
    """The questions and the result are now those of another country of the case."""
    if code in other_countries(turn):
        turn.interview.country = code
        turn.interview.shown = False
    turn.say(GO_ON, buttons=[turn.button(CONTINUE, "/ask_compensation")])


def ordered(found: Jurisdiction) -> list[Route]:
    """Open ways first."""
    return in_order(found.routes)


def ways(turn: Turn, number: int = 0) -> None:
    """One way in full, and a button for the next one."""
    found = work_out(turn)
    if found is None:
        return
    minor, routes = is_minor(turn, found), ordered(found)
    if not routes:
        turn.say(NO_WAYS, kind="estimate", buttons=buttons(turn, minor))
        return
    number = min(max(number, 0), len(routes) - 1)
    route = routes[number]
    lines = [turn.words(OUT_OF, number=number + 1, count=len(routes)), *_status(turn, route)]
    if turn.interview.helper:
        # The packs' own sentences are written to the person herself.
        lines.insert(0, turn.translate(YOU_IS_THAT_PERSON))
    unsafe = bool(out.reasons(turn))
    if route.status != "closed" and not minor and not unsafe:
        lines += of_route(turn, route, found.currency, route.instead)
    turn.say_lines(lines, kind="estimate")
    if route.status != "closed":
        _days_of(turn, [route])
        _steps(turn, found, route, unsafe)
    more = buttons(turn, minor)
    if number + 1 < len(routes):
        more.insert(0, turn.button(NEXT_WAY, f'/result{{"show": "ways", "value": "{number + 1}"}}'))
    turn.messages[-1].buttons += [b for b in more if '"ways"}' not in b.payload]


def days(turn: Turn) -> None:
    """The days of all ways."""
    found = work_out(turn)
    if found is None:
        return
    _days_of(turn, [route for route in ordered(found) if route.status != "closed"])
    turn.messages[-1].buttons += [b for b in buttons(turn, is_minor(turn, found)) if '"days"' not in b.payload]


def _status(turn: Turn, route: Route) -> list[str]:
    """Whether a way is open, why not, and how sure that is."""
    sentences = {"open": ROUTE_OPEN, "likely": ROUTE_LIKELY, "uncertain": ROUTE_UNCERTAIN}
    # What the research does not confirm says so, wherever it is shown.
    unsure = route.confidence == "unverified"
    if route.status == "later":
        waits = route.waits_for
        text = turn.words(ROUTE_LATER, name=route.name, event=waits) if waits else turn.words(ROUTE_LATER_PLAIN, name=route.name)
    elif route.status == "closed":
        failed = next((c for c in route.conditions if c.status == "not_met"), None)
        reason = route.late.text if failed is None and route.late else (failed and failed.reason) or ""
        text = turn.words(ROUTE_CLOSED, name=route.name, reason=reason)
        unsure = failed is not None and failed.confidence == "unverified"
    else:
        text = turn.words(sentences[route.status], name=route.name)
    lines = [text]
    if route.late and route.status != "closed":
        lines.append(route.late.text)
    if unsure:
        lines.append(turn.translate(UNSURE))
    if route.how_often and route.status != "closed":
        lines.append(turn.words(PAYS, text=route.how_often))
    return lines


def _days_of(turn: Turn, routes: list[Route]) -> None:
    """Days still to come first, soonest first; past ones with what becomes of who asks now."""
    rows = [(d.date, d, route.name) for route in routes for d in route.deadlines if d.date]
    coming = sorted((row for row in rows if row[1].coming), key=lambda row: row[0])
    passed = sorted((row for row in rows if row[1].passed), key=lambda row: row[0], reverse=True)
    lines = [turn.translate(UNTIL)]
    for day, deadline, name in coming[:SHOWN_DAYS]:
        lines.append(turn.words(DEADLINE, day=turn.day(day), rule=deadline.short, name=name))
        if deadline.confidence == "unverified":
            lines.append(turn.translate(UNSURE))
        if deadline.relief:
            lines.append(deadline.relief)
    for day, deadline, name in passed[:SHOWN_PASSED]:
        lines.append(turn.words(DEADLINE_PASSED, rule=deadline.short, name=name, day=turn.day(day)))
        lines += [turn.translate(UNSURE)] if deadline.confidence == "unverified" else []
        lines += [turn.translate(LATE[deadline.becomes_of_late])] if deadline.bars != "older_parts" else []
        lines += [deadline.relief] if deadline.relief else []
    if len(lines) == 1:
        lines.append(turn.translate(NO_DAY))
    turn.say_lines(lines, kind="estimate")


def _steps(turn: Turn, found: Jurisdiction, route: Route, safety_first: bool) -> None:
    """What to do on a way, in the words of its office."""
    lines = [turn.translate(WHEN_SAFE if safety_first else NEXT)]
    if route.may_report_status and route.report_note:
        lines.append(route.report_note)
    lines += route.steps[:SHOWN_STEPS]
    words = list(dict.fromkeys(term.text for term in route.terms[:SHOWN_WORDS]))
    lines += [turn.translate(WORDS_THERE), *words] if words else []
    lines += [found.office_language] if found.office_language and words else []
    lines.append(turn.translate(NOT_ADVICE))
    turn.say_lines(lines, kind="estimate")


def buttons(turn: Turn, minor: bool) -> list[Button]:
    """What can be asked of a result. Amounts are only shown when asked for, and not to someone under 18."""
    wanted = [
        (SHOW_WAYS, "ways"),
        (SHOW_AMOUNTS, "amounts"),
        (SHOW_DAYS, "days"),
        (SHOW_PAPERS, "papers"),
        (SHOW_SOURCES, "sources"),
        (MORE_EXACT, "exact"),
        (CORRECT, "correct"),
    ]
    if minor:
        wanted = [one for one in wanted if one[1] in FOR_MINORS]
    return [turn.button(title, f'/result{{"show": "{what}"}}') for title, what in wanted]
