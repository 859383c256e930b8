"""Any earlier answer can be corrected by saying so: in one sentence, or by choosing which."""

from __future__ import annotations

from actions.interview.facts import ANSWERED, in_words, say_changed, try_put
from actions.readers.dates import read_date
from actions.readers.money import read_money
from actions.readers.numbers import read_number
from actions.readers.units import unit_words
from actions.turn import Button, Turn, _
from calculator.case.paths import get
from calculator.engine.questions import definition_of

WHICH = _("Which answer do you want to change?")
SHOWN = 8


def correct(turn: Turn) -> bool:
    """Change the answer the sentence speaks of, when only one can be meant; else offer the list. False when there is
    nothing to correct."""
    order = [f for f in turn.interview.get("order", []) if get(turn.case, f) is not None]
    if not order:
        return False
    meant = _meant(turn, order)
    if meant is not None:
        fact, value = meant
        if try_put(turn, fact, value) is None:
            say_changed(turn, fact)
            return True
    offer(turn, order)
    return True


def sounds_like_one(turn: Turn) -> bool:
    """Whether a sentence that answers nothing speaks of hours or money, as a correction without the word would."""
    money = read_money(turn.text, turn.language)
    return money is not None and (money.currency is not None or _hours(turn, turn.text))


def _meant(turn: Turn, order: list[str]) -> tuple[str, object] | None:
    """(fact, new value): money with a currency or period is pay, a month or year is a date, a bare number is hours.
    Of several facts of a kind the latest answered is meant."""
    from actions.interview import answer  # answers may be corrections, and corrections are answers

    text = turn.text
    money = read_money(text, turn.language)
    if money is not None and (money.currency or money.per in ("week", "month", "day")) and not _hours(turn, text):
        kinds = {"pay", "pays", "money"}
    elif read_date(text, turn.language, turn.today) is not None:
        kinds = {"date"}
    elif read_number(text, turn.language) is not None:
        kinds = {"number"}
    else:
        return None
    for fact in reversed(order):
        definition = definition_of(fact)
        if definition is None or definition.type not in kinds:
            continue
        value = answer.read_answer(turn, fact, text)
        if value is not answer.UNREAD and value != get(turn.case, fact):
            return fact, value
    return None


def _hours(turn: Turn, text: str) -> bool:
    """Whether the sentence speaks of hours, such as "60 hours a week"."""
    lowered = text.casefold()
    return any(word in lowered for word in unit_words(turn.language, "hour") if len(word) > 2)


def offer(turn: Turn, order: list[str]) -> None:
    buttons = []
    for fact in list(reversed(order))[:SHOWN]:
        definition = definition_of(fact)
        if definition is not None:
            title = turn.words(ANSWERED, question=turn.translate(definition.question),
                               answer=in_words(turn, fact, get(turn.case, fact)))
            buttons.append(Button(title, f'/choose{{"fact": "correct", "value": "{fact}"}}'))
    turn.say(WHICH, kind="question", buttons=buttons)


def ask_again(turn: Turn, fact: str) -> None:
    """Ask a question that was answered before; the old answer stays until a new one is read."""
    turn.interview["again"] = fact
    turn.asked = fact

