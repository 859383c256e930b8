"""The result, told in three short messages first; amounts when asked for; every figure unfolds to its source."""

from __future__ import annotations

from typing import Any, NamedTuple

from actions.interview import corrections
from actions.interview.ask import COUNTRY, TO, country_of, other_countries
from actions.topics import rights
from actions.topics.country import ask_country, country_name, say_no_rules
from actions.topics.services import card, matching
from actions.topics.talk import menu
from actions.turn import Button, Turn, _
from calculator import api
from calculator.case.paths import get, put
from calculator.case.read import read_case
from calculator.engine.estimate import estimate
from calculator.engine.report import estimate_json
from calculator.engine.words import AT_LEAST, AWARD_SOURCE, AWARDS, AWARDS_NOTE, CONFIDENCE, UNSURE
from calculator.errors import CaseError
from calculator.wording import figure
from envelope import Extras

WHAT = _("This is what you may claim:")
ROUTE_OPEN = _("{name}: open to you.")
ROUTE_LIKELY = _("{name}: likely open to you.")
ROUTE_UNCERTAIN = _("{name}: perhaps. Some facts are missing.")
ROUTE_LATER = _("{name}: not now. It waits for this: {event}")
ROUTE_LATER_PLAIN = _("{name}: not open to you now. This may change.")
ROUTE_CLOSED = _("{name}: not open to you now. It needs this: {reason} This may change.")
NONE_OPEN = _("With what I know, no route is open now. This may change. An advice centre can look again.")
UNTIL = _("Until when:")
DEADLINE = _("{day}: {rule} ({name})")
DEADLINE_PASSED = _("{rule} ({name}): that day was {day}. A court or office can still allow it. Ask a lawyer.")
NO_DAY = _("I do not know the days yet. They depend on when it ended. Ask soon.")
NEXT = _("What to do next:")
NOT_ADVICE = _("This is information, not legal advice. A lawyer or an advice centre can check it for free.")
AMOUNTS = _("These are rough amounts from the law:")
AMOUNT_UNKNOWN = _("{name}: no amount can be worked out yet.")


class Said(NamedTuple):
    """What is said of an amount that is one sum, lies between two, or has no upper end that is known."""

    one: str
    between: str
    least: str


AMOUNT = Said(_("{name}: {low}."), _("{name}: between {low} and {high}."),
              _("{name}: at least {low}. More may come; a figure is not known."))
A_MONTH = Said(_("{name}: {low} every month."), _("{name}: between {low} and {high} every month."),
               _("{name}: at least {low} every month. More may come; a figure is not known."))
CHOICE = Said(_("Instead you can choose: {name}, {low}."), _("Instead you can choose: {name}, between {low} and {high}."),
              _("Instead you can choose: {name}, at least {low}."))
TOTAL = Said(_("Together, without counting anything twice: {low}."),
             _("Together, without counting anything twice: between {low} and {high}."),
             _("Together, without counting anything twice: at least {low}."))
UNCONFIRMED = Said(_("Not confirmed, and not in the sum: {name}, {low}."),
                   _("Not confirmed, and not in the sum: {name}, between {low} and {high}."),
                   _("Not confirmed, and not in the sum: {name}, at least {low}."))
OLD = Said(_("{name}: {low} may be too old to claim here, so it is not in the sum. There are exceptions. Ask a lawyer."),
           _("{name}: between {low} and {high} may be too old to claim here, so it is not in the sum. There are exceptions. "
             "Ask a lawyer."),
           _("{name}: at least {low} may be too old to claim here, so it is not in the sum. There are exceptions. Ask a lawyer."))
STALE = _("This figure may be out of date since {day}.")
PAYS = _("How often it pays: {text}")
MINOR = _("You are under 18. Amounts are worked out together with an adult who helps you, such as a guardian or an advice centre.")
MINOR_RIGHTS = _("You have all the rights below, and more time for many of them.")
SHOW_AMOUNTS = _("How much?")
SHOW_PAPERS = _("Which papers?")
SHOW_SOURCES = _("How was this worked out?")
MORE_EXACT = _("Make it more exact")
CORRECT = _("Change an answer")
SHOW_AWARDS = _("What did others get?")
NO_AWARDS = _("I know of no sum that others got here.")
PAPERS = _("For {name}:")
LINE_STEP = _("{what}: {value}. Source: {title}, holds from {day}.")
NO_FIGURES = _("There are no figures yet. Some more answers are needed.")
SOURCES_OF = _("How the amounts were worked out ({name}):")
CASE_PROBLEM = _("I cannot work it out with these answers.")
SENSITIVE = _("May I also ask about injuries and sexual violence? Some routes pay more for it. You can skip every question.")
YES_SENSITIVE = _("Yes, ask me")
NO_SENSITIVE = _("No, not that")
ELSEWHERE = _("You also named {country}. It has its own rules.")
WORK_OUT_THERE = _("Work out {country}")
GO_ON = _("We go on where we stopped.")
CONTINUE = _("Go on with the questions")
NO_COUNTRY = _("Without the country I cannot work out a sum. That is all right. You have rights in every country.")
CHOOSE_COUNTRY = _("Choose a country")
SHOWN_ROUTES = 6
SHOWN_STEPS = 4
SHOWN_AWARDS = 4


def work_out(turn: Turn) -> dict[str, Any] | None:
    """The estimate of the chat's country as JSON; None when the case cannot be used (said in words)."""
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
    document = estimate_json(found, turn.translate, turn.language)
    jurisdiction: dict[str, Any] = document["jurisdictions"][0]
    return jurisdiction


def _without_country(turn: Turn) -> None:
    """The country was not known or not said: what holds everywhere, and the way on."""
    turn.interview.pending = "ask_compensation"
    turn.say_lines([turn.translate(NO_COUNTRY), turn.translate(rights.LEGAL_HELP), turn.translate(rights.RETURN_CLAIM)],
                   buttons=[turn.button(CHOOSE_COUNTRY, "/change_country"), *menu(turn)])


def _is_minor(turn: Turn, found: dict[str, Any]) -> bool:
    """By the birth date, or because the person said so."""
    return turn.interview.adult is False or found["minor"] is True


def _for_an_adult(turn: Turn) -> dict[str, Any] | None:
    """The estimate for what tells amounts; None, said in words, when there is none or the person is under 18."""
    found = work_out(turn)
    if found is not None and _is_minor(turn, found):
        turn.say(MINOR, kind="estimate", buttons=buttons(turn, True))
        return None
    return found


def show(turn: Turn) -> None:
    """What, until when, what next: three messages."""
    found = work_out(turn)
    if found is None:
        return
    turn.interview.shown = True
    minor = _is_minor(turn, found)
    _what(turn, found, minor)
    turn.messages[-1].extras.result = {"case": turn.case, "country": country_of(turn), "minor": minor}
    _until(turn, found)
    _next(turn, found, minor)
    _elsewhere(turn)


def _elsewhere(turn: Turn) -> None:
    """Another country where it happened is worked out for itself, when the person wants to."""
    for code in other_countries(turn):
        turn.say(ELSEWHERE, country=country_name(turn, code),
                 buttons=[Button(turn.words(WORK_OUT_THERE, country=country_name(turn, code)),
                                 f'/result{{"show": "country", "value": "{code}"}}')])


def _switch(turn: Turn, code: str) -> None:
    """The questions and the result are now those of another country of the case."""
    if code in other_countries(turn):
        turn.interview.country = code
        turn.interview.shown = False
    turn.say(GO_ON, buttons=[turn.button(CONTINUE, "/ask_compensation")])


def _ordered(found: dict[str, Any]) -> list[dict[str, Any]]:
    order = ["open", "likely", "uncertain", "later", "closed"]
    return sorted(found["routes"], key=lambda r: order.index(r["status"]))


def _what(turn: Turn, found: dict[str, Any], minor: bool) -> None:
    lines = [turn.translate(MINOR), turn.translate(MINOR_RIGHTS)] if minor else []
    lines.append(turn.translate(WHAT))
    sentences = {"open": ROUTE_OPEN, "likely": ROUTE_LIKELY, "uncertain": ROUTE_UNCERTAIN}
    routes = _ordered(found)
    if all(r["status"] in ("closed", "later") for r in routes):
        lines.append(turn.translate(NONE_OPEN))
    for route in routes[:SHOWN_ROUTES]:
        # What the research does not confirm says so, wherever it is shown.
        unsure = route["confidence"] == "unverified"
        if route["status"] == "later":
            text = turn.words(ROUTE_LATER, name=route["name"], event=route["waits_for"]) if route["waits_for"] else turn.words(
                ROUTE_LATER_PLAIN, name=route["name"])
        elif route["status"] == "closed":
            failed = next((c for c in route["conditions"] if c["status"] == "not_met"), None)
            text = turn.words(ROUTE_CLOSED, name=route["name"], reason=failed["text"] if failed else "")
            unsure = failed is not None and failed["confidence"] == "unverified"
        else:
            text = turn.words(sentences[route["status"]], name=route["name"])
        lines.append(text)
        if unsure:
            lines.append(turn.translate(UNSURE))
        if route["how_often"] and route["status"] != "closed":
            lines.append(turn.words(PAYS, text=route["how_often"]))
    summary = [{"id": r["id"], "status": r["status"]} for r in found["routes"]]
    turn.say_lines(lines, kind="estimate", extras=Extras(shown={"routes": summary}))


def _until(turn: Turn, found: dict[str, Any]) -> None:
    """Days still to come first, soonest first; past ones only with what can still be done."""
    rows = []
    for route in found["routes"]:
        if route["status"] == "closed":
            continue
        rows += [(d["date"], d, route["name"]) for d in route["deadlines"] if d["date"]]
    coming = sorted((r for r in rows if r[1]["days_left"] >= 0), key=lambda r: r[0])
    passed = sorted((r for r in rows if r[1]["days_left"] < 0), key=lambda r: r[0], reverse=True)
    lines = [turn.translate(UNTIL)]
    for day, limit, name in coming[:SHOWN_STEPS]:
        lines.append(turn.words(DEADLINE, day=turn.day(day), rule=limit["rule"], name=name))
        if limit["confidence"] == "unverified":
            lines.append(turn.translate(UNSURE))
        if limit["relief"]:
            lines.append(limit["relief"])
    for day, limit, name in passed[:2]:
        if limit["relief"]:
            lines.append(turn.words(DEADLINE_PASSED, rule=limit["rule"], name=name, day=turn.day(day)))
            if limit["confidence"] == "unverified":
                lines.append(turn.translate(UNSURE))
    if len(lines) == 1:
        lines.append(turn.translate(NO_DAY))
    turn.say_lines(lines, kind="estimate")


def _next(turn: Turn, found: dict[str, Any], minor: bool) -> None:
    lines = [turn.translate(NEXT)]
    best = [r for r in _ordered(found) if r["status"] in ("open", "likely", "uncertain")]
    best.sort(key=lambda r: r["amount"]["low"] is None)
    reporting = next((r["report_note"] for r in best if r["may_report_status"] and r["report_note"]), None)
    if reporting:
        lines.append(reporting)
    # Two ways may begin with the same step.
    lines += dict.fromkeys(step for route in best[:2] for step in route["steps"][:2])
    lines.append(turn.translate(NOT_ADVICE))
    turn.say_lines(lines, kind="estimate", buttons=buttons(turn, minor))
    if turn.pack is not None:
        reaches = ("children", "trafficking") if minor else ("legal_aid", "trafficking")
        helpers = [c for c in matching(turn, reaches) if not c.emergency and c.acute][:1]
        turn.messages += [card(turn, c) for c in helpers]


def buttons(turn: Turn, minor: bool) -> list[Button]:
    """What can be asked of a result. Amounts are only shown when asked for, and not to someone under 18."""
    wanted = [(SHOW_PAPERS, "papers"), (SHOW_SOURCES, "sources"), (MORE_EXACT, "exact"), (CORRECT, "correct")]
    if not minor:
        wanted.insert(0, (SHOW_AMOUNTS, "amounts"))
    else:
        wanted = [w for w in wanted if w[1] in ("papers", "correct")]
    return [turn.button(title, f'/result{{"show": "{what}"}}') for title, what in wanted]


def amounts(turn: Turn) -> None:
    """Each route's amount, the choice it leaves, what is not confirmed, and the total."""
    found = _for_an_adult(turn)
    if found is None:
        return
    currency = found["currency"]
    lines = [turn.translate(AMOUNTS)]
    figures = []
    shown = [r for r in _ordered(found) if r["status"] != "closed"]
    for route in sorted(shown, key=lambda r: r["amount"]["low"] is None):
        lines += _route_amounts(turn, route, currency)
        figures.append({"id": route["id"], "amount": route["amount"], "unconfirmed": route["unconfirmed"]})
    total = found["total"]
    if total["low"] is not None:
        lines.append(_said(turn, TOTAL, total, currency))
    more = buttons(turn, False)[1:]
    if any(route["precedents"] for route in shown):
        more.insert(0, turn.button(SHOW_AWARDS, '/result{"show": "awards"}'))
    turn.say_lines(lines, kind="estimate", extras=Extras(shown={"amounts": figures, "total": total}), buttons=more)


def _route_amounts(turn: Turn, route: dict[str, Any], currency: str) -> list[str]:
    lines = [_amount(turn, route["name"], route["amount"], currency)]
    if route["amount"]["low"] is None and not route["unconfirmed"]:
        return lines
    old = [line["amount"] for line in route["lines"] if line["time_barred"]]
    if old:
        # Never "nothing": what is old can still be argued for.
        sentence = _said(turn, OLD, old[0], currency, route["name"])
        lines = [sentence] if route["amount"]["high"] == "0.00" else [*lines, sentence]
    for line in route["lines"]:
        name, amount = line["name"], line["amount"]
        if line["counted"] and amount["per"] == "month" and route["amount"]["per"] == "once":
            lines.append(_amount(turn, name, amount, currency))
        elif line["alternative_to"] and not line["counted"]:
            lines.append(_said(turn, CHOICE, amount, currency, name))
    extra = route["unconfirmed"]
    if extra and extra["low"] is not None:
        lines.append(_said(turn, UNCONFIRMED, extra, currency, route["name"]))
    if route["stale_since"]:
        lines.append(turn.words(STALE, day=turn.day(route["stale_since"])))
    lines += route["gaps"][:2]
    return lines


def _amount(turn: Turn, name: str, amount: dict[str, Any], currency: str) -> str:
    if amount["low"] is None:
        return turn.words(AMOUNT_UNKNOWN, name=name)
    return _said(turn, A_MONTH if amount["per"] == "month" else AMOUNT, amount, currency, name)


def _said(turn: Turn, texts: Said, amount: dict[str, Any], currency: str, name: str = "") -> str:
    """An amount in a whole sentence; without a known upper end it is never said to have one."""
    low, high = amount["low"], amount["high"]
    values = {"name": name, "low": turn.money(low, currency)}
    if high is None:
        return turn.words(texts.least, **values)
    return turn.words(texts.one if low == high else texts.between, **values, high=turn.money(high, currency))


def awards(turn: Turn) -> None:
    """What courts and offices gave other people on the routes that are not closed: asked for, apart from the person's own sums."""
    found = _for_an_adult(turn)
    if found is None:
        return
    known = [r for r in _ordered(found) if r["status"] != "closed" and r["precedents"]]
    if not known:
        turn.say(NO_AWARDS, kind="estimate")
    else:
        turn.say_lines([turn.translate(AWARDS), turn.translate(AWARDS_NOTE)], kind="estimate")
    told: set[str] = set()
    for route in known:
        fresh = [a for a in route["precedents"] if a["text"] not in told][:SHOWN_AWARDS]
        told.update(a["text"] for a in fresh)
        lines = []
        for award in fresh:
            confidence = turn.translate(CONFIDENCE[award["confidence"]])
            lines += [award["text"], turn.words(AWARD_SOURCE, title=award["source"]["title"], confidence=confidence)]
        if lines:
            turn.say_lines([route["name"], *lines], kind="estimate")
    turn.messages[-1].buttons += buttons(turn, False)


def papers(turn: Turn) -> None:
    found = work_out(turn)
    if found is None:
        return
    with_papers = [r for r in _ordered(found) if r["status"] != "closed" and r["documents"]]
    for route in with_papers[:3]:
        turn.say_lines([turn.words(PAPERS, name=route["name"]), *(d["text"] for d in route["documents"])], kind="estimate")
    if not with_papers:
        turn.say(NONE_OPEN, kind="estimate")
    minor = _is_minor(turn, found)
    turn.messages[-1].buttons += [b for b in buttons(turn, minor) if '"papers"' not in b.payload]


def sources(turn: Turn) -> None:
    """Every figure with the law behind it: which value, since when, from which text."""
    found = _for_an_adult(turn)
    if found is None:
        return
    currency = found["currency"]
    for route in _ordered(found):
        lines = []
        seen = set()
        for line in route["lines"]:
            lines.append(_amount(turn, line["name"], line["amount"], currency))
            for entry in line["trace"]:
                source, since = entry["source"], entry["valid_from"]
                key = (entry["parameter"], since)
                if source is None or since is None or key in seen or entry["value"] in _NO_FIGURE:
                    continue
                seen.add(key)
                title = _title(turn, entry["parameter"])
                lines.append(turn.words(LINE_STEP, what=title, value=_figure(turn, entry["value"]), title=source["title"],
                                        day=turn.day(since)))
        if lines:
            turn.say_lines([turn.words(SOURCES_OF, name=route["name"]), *lines[:24]], kind="estimate")
    if not turn.messages:
        turn.say(NO_FIGURES, kind="estimate")
    turn.messages[-1].buttons += [b for b in buttons(turn, False) if '"sources"' not in b.payload]


#: States of a figure that was not used.
_NO_FIGURE = ("excluded", "unknown", "missing")


def _figure(turn: Turn, value: Any) -> str:
    if not isinstance(value, dict):
        return figure(str(value), turn.language)
    low, high = value["low"], value["high"]
    if high is None:
        return turn.words(AT_LEAST, amount=figure(low, turn.language))
    return turn.words(TO, low=figure(low, turn.language), high=figure(high, turn.language))


def _title(turn: Turn, parameter: str | None) -> str:
    known = turn.pack.parameters.get(parameter or "") if turn.pack else None
    return turn.translate(known.title) if known else str(parameter)


def more_exact(turn: Turn) -> None:
    """Ask consent before the intimate questions; without it only the others are asked."""
    turn.interview.exact = True
    turn.say(SENSITIVE, kind="question",
             buttons=[turn.button(YES_SENSITIVE, '/result{"show": "sensitive"}'),
                      turn.button(NO_SENSITIVE, '/result{"show": "not_sensitive"}')])


def respond(turn: Turn) -> None:
    """What was asked of the result by its buttons: amounts, papers, sources, what others got, more exact, a correction."""
    what = str(turn.entities.get("show") or "amounts")
    if what in ("sensitive", "not_sensitive"):
        turn.interview.sensitive = what == "sensitive"
        turn.interview.shown = False
        turn.say(GO_ON, buttons=[turn.button(CONTINUE, "/ask_compensation")])
    elif what == "country":
        _switch(turn, str(turn.entities.get("value") or ""))
    elif what == "correct":
        corrections.offer(turn)
    else:
        {"papers": papers, "sources": sources, "awards": awards, "exact": more_exact}.get(what, amounts)(turn)
