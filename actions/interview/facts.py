"""Facts of the case as the interview handles them: put in, take out, and say back in words."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

from actions.readers.choices import folded
from actions.turn import Button, Turn
from calculator import api, wording
from calculator.case.paths import put
from calculator.case.read import read_case
from calculator.case.values import read_date_range
from calculator.dates import DateRange, end_of_month
from calculator.engine.figures.exchange import NO_CURRENCY
from calculator.engine.result.questions import choices_of, definition_of
from calculator.errors import CaseError
from calculator.translation import _

YES = _("Yes")
NO = _("No")
DONT_KNOW = _("I don't know")
NOT_SAID = _("I'd rather not say")
NOTHING = _("Nothing")
WHY_BUTTON = _("Why do you ask?")
CONTINUE = _("Go on with the questions")
HOW_OLD = _("Are you 18 or older?")
FOR_ANOTHER = _("I ask for somebody else")
FOR_MY_CHILD = _("I ask for my child")
FOR_MYSELF = _("I ask for myself")
SAID_MONEY = _("{amount}")
PER = {
    "hour": _("{amount} an hour"),
    "day": _("{amount} a day"),
    "week": _("{amount} a week"),
    "month": _("{amount} a month"),
    "total": _("{amount} in all"),
}
BETWEEN = _("between {low} and {high}")


def for_whom(turn: Turn) -> list[Button]:
    """The way to ask for somebody else, or back to oneself."""
    if turn.interview.helper:
        return [turn.button(FOR_MYSELF, '/choose{"fact": "who", "value": "self"}')]
    return [
        turn.button(FOR_ANOTHER, '/choose{"fact": "who", "value": "other"}'),
        turn.button(FOR_MY_CHILD, '/choose{"fact": "who", "value": "child"}'),
    ]


def said_yes_or_no(turn: Turn) -> bool | None:
    """Whether the message is the word for yes or no, in the language or in English; None when it is neither."""
    said = folded(turn.text)
    for value, word in ((True, YES), (False, NO)):
        if said and said in (folded(turn.translate(word)), folded(word)):
            return value
    return None


def try_put(turn: Turn, path: str, value: Any) -> CaseError | None:
    """Set a fact only if the whole case stays readable; else say what is wrong and change nothing."""
    changed = copy.deepcopy(turn.case)
    put(changed, path, value)
    try:
        read_case(changed)
    except CaseError as error:
        return error
    turn.case = changed
    return None


def in_words(turn: Turn, path: str, value: Any) -> str:
    """An answer said back: the words of its choice, a date, an amount."""
    definition = definition_of(path)
    if value in ("unknown", "declined"):
        return turn.translate(DONT_KNOW if value == "unknown" else NOT_SAID)
    if isinstance(value, bool):
        return turn.translate(YES if value else NO)
    if path.endswith(".country") and isinstance(value, str):
        return str(turn.locale.territories.get(value, value))
    if definition is not None and definition.id == "act.region":
        return turn.translate(choices_of(definition, api.default_rules().packs.values()).get(str(value), str(value)))
    if definition is not None and definition.choices:
        values = value if isinstance(value, list) else [value]
        return ", ".join(turn.translate(definition.choices.get(str(v), str(v))) for v in values)
    if definition is not None and definition.type == "date":
        return date_words(turn, value)
    if definition is not None and definition.type in ("pay", "pays"):
        pays = value if isinstance(value, list) else [value]
        return ", ".join(pay_words(turn, pay) for pay in pays) or turn.translate(NOTHING)
    if isinstance(value, dict) and {"low", "high"} <= set(value):
        return turn.words(BETWEEN, low=value["low"], high=value["high"])
    if isinstance(value, dict) and "amount" in value:
        return pay_words(turn, value)
    return str(value)


ANSWERED = _("{question} {answer}")
CHANGED = _("I changed it: {answer}")


def date_words(turn: Turn, value: Any) -> str:
    """A day, a month, a year, or what it lies between."""
    if isinstance(value, dict):
        span = read_date_range(value)
        if (whole := _whole(span)) is not None:
            return turn.period(*whole)
        return turn.words(BETWEEN, low=turn.day(span.earliest.isoformat()), high=turn.day(span.latest.isoformat()))
    return turn.day(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else turn.number(str(value))


def _whole(span: DateRange) -> tuple[date, str] | None:
    """The month or year that a span is, from its first day to its last."""
    first, last = span
    if first.day == 1 and last == end_of_month(first):
        return first, "month"
    if (first.month, first.day) == (1, 1) and last == date(first.year, 12, 31):
        return first, "year"
    return None


def pay_words(turn: Turn, pay: dict[str, Any]) -> str:
    """An amount with its period; the bare number where nobody knows whose money it is."""
    amount = pay.get("amount")
    currency = pay.get("currency") or (turn.pack.jurisdiction.currency if turn.pack else "EUR")

    def said(number: Any) -> str:
        return wording.figure(str(number), turn.language) if currency == NO_CURRENCY else turn.money(str(number), currency)

    shown = turn.words(BETWEEN, low=said(amount["low"]), high=said(amount["high"])) if isinstance(amount, dict) else said(amount)
    return turn.words(PER.get(pay.get("per") or "total", SAID_MONEY), amount=shown)
