"""Any earlier answer can be corrected by saying so: in one sentence, by naming it, or by choosing from the whole list by page."""

from __future__ import annotations

from actions.interview.facts import ANSWERED, CONTINUE, in_words, try_put
from actions.interview.reading import UNREAD, read_answer
from actions.readers.dates import read_times
from actions.readers.hours import read_hours
from actions.readers.money import amounts
from actions.readers.numbers import read_number
from actions.story.words import say_changed
from actions.turn import Button, Turn
from calculator.case.paths import get
from calculator.engine.result.questions import definition_of, general_path
from calculator.translation import _

WHICH = _("Which answer do you want to change?")
MORE_ANSWERS = _("Show more answers")
NO_ANSWERS = _("There is nothing to change yet.")
SHOWN = 6
#: What a clause is about -> the facts it may name.
_NAMED = {
    "hours": ("work[].hours_per_week",),
    "money": ("work[].paid", "work[].agreed"),
    "time": ("exploitation[].start", "exploitation[].end", "work[].start", "work[].end"),
    "police": ("procedure.reported_to_police",),
    "sector": ("work[].sector",),
    "forms": ("exploitation[].forms",),
    "status": ("person.immigration_status",),
}


def answered(turn: Turn) -> list[str]:
    """The facts that were answered or confirmed, oldest first."""
    return [fact for fact in turn.interview.order if get(turn.case, fact) is not None and definition_of(fact) is not None]


def correct(turn: Turn) -> bool:
    """Change the answer the sentence speaks of, when only one can be meant; else ask it again where it is named, else offer the list.
    False when there is nothing to correct."""
    order = answered(turn)
    if not order:
        return False
    fact = meant(turn)
    if fact is not None:
        read = read_answer(turn, fact, turn.text)
        if read.doubt is None and try_put(turn, fact, read.value) is None:
            turn.interview.answered(fact)
            turn.learn(fact, read.value, in_words(turn, fact, read.value))
            say_changed(turn, fact)
            return True
    named = _named(turn, order)
    if named is not None:
        ask_again(turn, named)
        return True
    offer(turn)
    return True


def meant(turn: Turn) -> str | None:
    """The one earlier answer that a sentence gives another value: money is pay, a month or year is a date, hours are hours. Of several
    facts of a kind the latest answered is meant."""
    text, language = turn.text, turn.language
    hours = read_hours(text, language, asked=False)
    if amounts(text, language):
        kinds = {"pay", "pays", "money"}
    elif hours is not None and (hours.per_day or hours.per_week or hours.number):
        kinds = {"hours"}
    elif read_times(text, language, turn.today).points:
        kinds = {"date"}
    elif read_number(text, language) is not None:
        kinds = {"hours", "number", "pay", "pays"}
    else:
        return None
    for fact in reversed(answered(turn)):
        definition = definition_of(fact)
        assert definition is not None
        kind = "hours" if general_path(fact) == "work[].hours_per_week" else definition.type
        if kind not in kinds:
            continue
        read = read_answer(turn, fact, text)
        if read.value is not UNREAD and read.doubt != "hours_unit" and read.value != get(turn.case, fact):
            return fact
    return None


def _named(turn: Turn, order: list[str]) -> str | None:
    """The one answer that is named without a new value."""
    groups = {fact.group for clause in turn.understood.clauses for fact in clause.facts}
    found = [fact for fact in order if any(general_path(fact) in _NAMED.get(group, ()) for group in groups)]
    return found[0] if len(found) == 1 else None


def with_answer(turn: Turn, fact: str) -> str:
    """A question with what was answered."""
    definition = definition_of(fact)
    assert definition is not None
    return turn.words(ANSWERED, question=turn.translate(definition.question), answer=in_words(turn, fact, get(turn.case, fact)))


def offer(turn: Turn, start: int = 0) -> None:
    """The answers, latest first, a page at a time."""
    order = list(reversed(answered(turn)))
    if not order:
        turn.say(NO_ANSWERS, buttons=[turn.button(CONTINUE, "/ask_compensation")])
        return
    buttons = []
    for fact in order[start : start + SHOWN]:
        buttons.append(Button(with_answer(turn, fact), f'/choose{{"fact": "correct", "value": "{fact}"}}'))
    if len(order) > start + SHOWN:
        buttons.append(turn.button(MORE_ANSWERS, f'/choose{{"fact": "correct", "value": "page:{start + SHOWN}"}}'))
    if turn.in_form:
        buttons.append(turn.button(CONTINUE, "/ask_compensation"))
    turn.say(WHICH, kind="question", buttons=buttons)


def choose(turn: Turn, value: str) -> None:
    """A button of the list: another page, or the answer to ask again."""
    if value.startswith("page:") and value.removeprefix("page:").isdigit():
        offer(turn, int(value.removeprefix("page:")))
    else:
        ask_again(turn, value)


def ask_again(turn: Turn, fact: str) -> None:
    """Ask a question that was answered before; the old answer stays until a new one is read."""
    turn.interview.again = fact
    turn.asked = fact
