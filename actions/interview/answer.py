"""An answer to the open question: read by the type of its fact before any intent is looked at.

"100 euro" was once taken for a goodbye; so an answer that reads is an answer, and only what does not read is
looked at as a wish to skip, to know why, to correct, to stop, or as another topic.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions import topics
from actions.interview import ask, corrections, result
from actions.interview.facts import said_yes_or_no, say_changed, try_put
from actions.readers.choices import folded, read_choice
from actions.readers.dates import read_date
from actions.readers.money import read_money
from actions.readers.numbers import read_number
from actions.topics import talk
from actions.topics.country import country_name, read_country, say_no_rules
from actions.turn import Turn, _
from calculator import api
from calculator.case.paths import get
from calculator.dates import DateRange
from calculator.engine.questions import definition_of, general_path
from calculator.errors import CaseError
from calculator.vocabulary import FactDefinition

NOT_READ_DATE = _("I could not read a date in that. A year is enough, or a month and a year.")
NOT_READ_NUMBER = _("I could not read a number in that. A rough number is enough.")
NOT_READ_MONEY = _("I could not read an amount in that. You can write for example: 50 a week, or nothing.")
NOT_READ_PER = _("Is that for an hour, a day, a week, a month, or for all the time?")
NOT_READ_CHOICE = _("Choose what fits best. You can also skip.")
AFTER_EMERGENCY = _("Look after yourself first. When you want to go on, here is my question again:")
BACK = _("Back to my question:")
LATER = _("I keep that for later. First the questions about the country we began with. Then I can work out {country} too.")
PER_TITLES = {"hour": _("An hour"), "day": _("A day"), "week": _("A week"), "month": _("A month"),
              "total": _("All the time together")}

#: Intents that are a wish about the interview or another topic, never the content of an answer.
_DIGRESSIONS = frozenset(topics.ANSWERS) - {"affirm", "deny", "dont_know", "skip", "correct_answer", "stop", "inform",
                                             "nlu_fallback", "ask_why", "tell_story", "past_harm", "goodbye",
                                             "ask_compensation", "out_of_scope", "thank", "greet"}
UNREAD = object()


def take(turn: Turn) -> bool:
    """Work the latest message into the interview. True when the interview is to end now."""
    if turn.intent == "choose":
        return _pressed(turn)
    fact = turn.asked or ""
    if turn.intent == "stop":
        return True
    if turn.intent == "ask_why":
        ask.why(turn)
        return False
    if turn.intent == "emergency":
        talk.unsure_danger(turn)
        return False
    if turn.intent == "delete_data":
        topics.answer(turn)
        return True
    if turn.intent == "result":
        result.respond(turn)
        return False
    if turn.pressed:
        # The title of a button of another topic is no answer to the open question.
        _digress(turn)
        return False
    if turn.after_emergency and turn.intent in ("affirm", "deny", "dont_know", "thank", "greet"):
        # These words answer the emergency message, not the question from before it.
        turn.say(AFTER_EMERGENCY)
        return False
    value = read_answer(turn, fact, turn.text)
    if turn.intent == "correct_answer" and corrections.correct(turn):
        return False
    if value is not UNREAD:
        _store(turn, fact, value)
        return False
    if turn.intent in ("dont_know", "skip"):
        _store(turn, fact, "unknown" if turn.intent == "dont_know" else "declined")
        return False
    if turn.intent in _DIGRESSIONS or turn.intent in ("tell_story", "past_harm", "thank", "greet", "out_of_scope"):
        _digress(turn)
        return False
    if corrections.sounds_like_one(turn) and corrections.correct(turn):
        return False
    if turn.after_emergency:
        turn.say(AFTER_EMERGENCY)
        return False
    _not_read(turn, fact)
    return False


def _digress(turn: Turn) -> None:
    """Answer the other topic, then come back to the question."""
    topics.answer(turn)
    for message in turn.messages:
        if message.kind == "question" and message.fact is None:
            return
    turn.say(BACK)


def _pressed(turn: Turn) -> bool:
    """A button: it answers the question it was made for, even when another one is open by now."""
    fact, value = str(turn.entities.get("fact") or ""), str(turn.entities.get("value") or "")
    if fact == "danger":
        talk.danger_choice(turn, value)
        return False
    if fact == "correct":
        corrections.ask_again(turn, value)
        return False
    if fact.startswith("per:"):
        _store_per(turn, fact.removeprefix("per:"), value)
        return False
    if value in ("unknown", "declined"):
        _store(turn, fact, value)
        return False
    definition = definition_of(fact)
    if fact in (ask.ADULT, ask.MORE_WORK) or definition is not None and definition.type == "yes_no":
        _store(turn, fact, value == "true")
    elif value == "nothing":
        _store(turn, fact, [])
    elif value == "still":
        _store(turn, fact, turn.today.isoformat())
    elif definition is not None and definition.type == "choices":
        _store(turn, fact, [value])
    elif definition is not None and definition.offer and ".." in value:
        low, _sep, high = value.partition("..")
        _store(turn, fact, int(low) if low == high else {"low": low, "high": high})
    elif definition is not None or fact in (ask.COUNTRY, ask.WORK_COUNTRY):
        _store(turn, fact, value)
    return False


def read_answer(turn: Turn, fact: str, text: str) -> Any:
    """The value a text gives to a fact, or `UNREAD`."""
    definition = definition_of(fact)
    if fact in (ask.COUNTRY, ask.WORK_COUNTRY):
        return turn.entities.get("country") or read_country(text, turn.language) or UNREAD
    if fact in (ask.ADULT, ask.MORE_WORK):
        return _read_yes_no(turn)
    if definition is None or not text.strip():
        return UNREAD
    reader = _choice if ask.choices(turn, definition) else _READERS.get(definition.type)
    return reader(turn, definition, fact, text) if reader else UNREAD


def _read_yes_no(turn: Turn) -> Any:
    said = said_yes_or_no(turn)
    if said is not None:
        return said
    if turn.intent in ("affirm", "deny"):
        return turn.intent == "affirm"
    return UNREAD


def _yes_no(turn: Turn, definition: FactDefinition, fact: str, text: str) -> Any:
    return _read_yes_no(turn)


def _choice(turn: Turn, definition: FactDefinition, fact: str, text: str) -> Any:
    answers = ask.choices(turn, definition)
    options = [(value, turn.translate(title)) for value, title in answers.items()]
    options += [(value, title) for value, title in answers.items()]
    chosen = read_choice(text, options[:len(answers)]) or read_choice(text, options)
    if chosen is None and "none" in answers and turn.intent == "deny":
        chosen = "none"
    if chosen is None:
        return UNREAD
    return [chosen] if definition.type == "choices" else chosen


def _date(turn: Turn, definition: FactDefinition, fact: str, text: str) -> Any:
    span = read_date(text, turn.language, turn.today, last=fact.endswith("end"))
    return UNREAD if span is None else date_value(span)


def date_value(span: DateRange) -> Any:
    if span.exact:
        return span.earliest.isoformat()
    return {"earliest": span.earliest.isoformat(), "latest": span.latest.isoformat()}


def _number(turn: Turn, definition: FactDefinition, fact: str, text: str) -> Any:
    if general_path(fact) == "person.birth_year":
        span = read_date(text, turn.language, turn.today)
        return UNREAD if span is None else span.earliest.year
    found = read_number(text, turn.language)
    if found is None:
        return UNREAD
    return _plain(found.low) if found.low == found.high else {"low": str(found.low), "high": str(found.high)}


def _plain(value: Decimal) -> Any:
    return int(value) if value == value.to_integral_value() else str(value)


def _pay(turn: Turn, definition: FactDefinition, fact: str, text: str) -> Any:
    found = read_money(text, turn.language)
    if found is None:
        if turn.intent == "deny" or folded(text) in {folded(turn.translate("Nothing")), "nothing", "0"}:
            return [] if definition.type == "pays" else {"amount": "0", "per": "month"}
        return UNREAD
    if found.low == found.high == 0:
        return [] if definition.type == "pays" else {"amount": "0", "per": "month"}
    amount: Any = str(found.low) if found.low == found.high else {"low": str(found.low), "high": str(found.high)}
    pay = {"amount": amount, "per": found.per, **({"currency": found.currency} if found.currency else {})}
    if found.per is None:
        del pay["per"]
    return [pay] if definition.type == "pays" else pay


def _money(turn: Turn, definition: FactDefinition, fact: str, text: str) -> Any:
    found = read_money(text, turn.language)
    if found is None:
        return UNREAD
    amount: Any = str(found.low) if found.low == found.high else {"low": str(found.low), "high": str(found.high)}
    return {"amount": amount, **({"currency": found.currency} if found.currency else {})}


_READERS = {"yes_no": _yes_no, "choice": _choice, "choices": _choice, "date": _date, "number": _number, "pay": _pay,
            "pays": _pay, "money": _money}


def _store(turn: Turn, fact: str, value: Any) -> None:
    """Keep an answer. A correction of an earlier one is said back."""
    if fact == ask.ADULT:
        turn.interview["adult"] = value if isinstance(value, bool) else None
        return
    if fact == ask.MORE_WORK:
        turn.interview.update({"where_work": True} if value is True else {"more_work": False})
        return
    if fact == ask.WORK_COUNTRY:
        _another_job(turn, value)
        return
    if not fact or definition_of(fact) is None and fact != ask.COUNTRY:
        return
    missing_per = _without_per(value)
    before = get(turn.case, fact)
    error = try_put(turn, fact, value)
    if error is not None:
        say_error(turn, error)
        return
    _follow_country(turn, fact, value)
    answered = [f for f in turn.interview.get("order", []) if f != fact]
    turn.interview["order"] = [*answered, fact][-40:]
    turn.interview["answered"] = len(turn.interview["order"])
    if missing_per:
        _ask_per(turn, fact)
    elif before is not None and before != value:
        say_changed(turn, fact)


def say_error(turn: Turn, error: CaseError) -> None:
    """What is wrong and how to mend it, in the person's language; the open question is asked again."""
    problem, fix = error.said(turn.translate)
    turn.say_lines([problem, fix])


def _without_per(value: Any) -> bool:
    pay = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
    return isinstance(pay, dict) and "amount" in pay and "per" not in pay


def _ask_per(turn: Turn, fact: str) -> None:
    """An amount without its period is worth nothing: ask for it, the amount is kept."""
    definition = definition_of(fact)
    if definition is None or definition.type not in ("pay", "pays"):
        return
    turn.interview["per_for"] = fact
    turn.say(NOT_READ_PER, kind="question", fact=fact,
             buttons=[turn.button(title, f'/choose{{"fact": "per:{fact}", "value": "{per}"}}')
                      for per, title in PER_TITLES.items()])


def waiting_for_per(turn: Turn) -> bool:
    """Whether the last question was for how long an amount counts; reads the answer to it."""
    fact = turn.interview.get("per_for")
    if not fact or turn.intent == "choose":
        return False
    found = read_money(f"1 {turn.text}", turn.language)
    titles = [(per, turn.translate(title)) for per, title in PER_TITLES.items()]
    per = read_choice(turn.text, titles) or (found.per if found else None)
    if per is None:
        return False
    _store_per(turn, fact, per)
    return True


def _store_per(turn: Turn, fact: str, per: str) -> None:
    value = get(turn.case, fact)
    pays = value if isinstance(value, list) else [value]
    if not pays or not isinstance(pays[0], dict):
        return
    changed = [{**pay, "per": per} for pay in pays]
    error = try_put(turn, fact, changed if isinstance(value, list) else changed[0])
    turn.interview.pop("per_for", None)
    if error is not None:
        say_error(turn, error)


def _follow_country(turn: Turn, fact: str, value: Any) -> None:
    """The first country named in the case is also the country of the chat."""
    if fact == ask.COUNTRY and isinstance(value, str) and value not in ("unknown", "declined"):
        turn.country = value
        turn.interview["set_country"] = value


def _another_job(turn: Turn, where: Any) -> None:
    """A second job starts an entry of its own, and in another country the country's. Without one it was in the same country."""
    turn.interview.pop("where_work", None)
    here = ask.country_of(turn)
    country = str(where) if where not in (None, "unknown", "declined") else here
    jobs, entries = turn.case.setdefault("work", []), turn.case.setdefault("exploitation", [{}])
    entry = entries[ask.entry_of(turn, here)]
    for name in ("start", "end"):
        # Two jobs share no dates: the first keeps those of the whole time until it is corrected.
        value = entry.get(name)
        if len(jobs) == 1 and value is not None and jobs[0].get(name) is None:
            jobs[0][name] = value
    if country == here:
        jobs.append({"country": country})
        return
    turn.interview["more_work"] = False
    if all(known.get("country") != country for known in entries):
        entries.append({"country": country, **({"forms": entry["forms"]} if "forms" in entry else {})})
    if country in api.default_rules().packs:
        jobs.append({"country": country})
        turn.say(LATER, country=country_name(turn, country))
    else:
        say_no_rules(turn, str(country), stay=True)


def _not_read(turn: Turn, fact: str) -> None:
    definition = definition_of(fact)
    kind = definition.type if definition else "choice"
    texts = {"date": NOT_READ_DATE, "number": NOT_READ_NUMBER, "pay": NOT_READ_MONEY, "pays": NOT_READ_MONEY,
             "money": NOT_READ_MONEY}
    turn.say(texts.get(kind, NOT_READ_CHOICE))
