"""A value that is not whole, or hardly possible, is asked about before it is kept: an amount without its period, hours that may be for a
day or a week, a week of 126 hours (courts have found it: asked once, then believed). Money without a rate is asked about too (`sums.py`)."""

from __future__ import annotations

from typing import Any

from actions.interview import sums
from actions.interview.ask import ways_out
from actions.interview.facts import NO, YES, try_put
from actions.interview.reading import UNREAD, read_answer
from actions.interview.state import Doubt
from actions.interview.storing import store
from actions.readers.choices import read_choice
from actions.readers.hours import read_hours
from actions.readers.money import read_money
from actions.readers.yes_no import UNSAID, yes_or_no_word
from actions.story.words import answer_line
from actions.turn import Turn
from calculator.case.paths import get
from calculator.translation import _

NOT_READ_PER = _("Is that for an hour, a day, a week, a month, or for all the time?")
PER_TITLES = {"hour": _("An hour"), "day": _("A day"), "week": _("A week"), "month": _("A month"), "total": _("All the time together")}
A_DAY_OR_A_WEEK = _("{number} hours: is that for one day or for one week?")
ONE_DAY, ONE_WEEK = _("One day"), _("One week")
THAT_IS_MUCH = _("I understood: {answer}. That is unusual. Is it right?")


def ask(turn: Turn, fact: str, value: Any, kind: str) -> None:
    """Keep the value apart and ask."""
    turn.interview.doubt = Doubt(fact=fact, value=value, kind=kind)  # type: ignore[arg-type]
    say(turn)


def say(turn: Turn) -> None:
    """Ask the open doubt (once more)."""
    doubt = turn.interview.doubt
    if doubt is None:
        return
    if doubt.kind == "sum":
        sums.say(turn)
        return
    if doubt.kind == "per":
        options = PER_TITLES
        text = turn.translate(NOT_READ_PER)
    elif doubt.kind == "hours_unit":
        options = {"day": ONE_DAY, "week": ONE_WEEK}
        value = doubt.value
        number = f"{value['low']}-{value['high']}" if isinstance(value, dict) else str(value)
        text = turn.words(A_DAY_OR_A_WEEK, number=turn.number(number))
    else:
        options = {"yes": YES, "no": NO}
        text = turn.words(THAT_IS_MUCH, answer=answer_line(turn, doubt.fact, doubt.value))
    buttons = [turn.button(title, f'/choose{{"fact": "doubt:{doubt.fact}", "value": "{value}"}}') for value, title in options.items()]
    turn.say_lines([text], kind="question", fact=doubt.fact, buttons=[*buttons, *ways_out(turn, f"doubt:{doubt.fact}")])


def pressed(turn: Turn, fact: str, value: str) -> None:
    """The answer to a doubt by a button. One of an older doubt changes nothing."""
    doubt = turn.interview.doubt
    if value in UNSAID.values():
        if doubt is not None and doubt.fact == fact:
            _settle(turn, value)
        return
    if doubt is None or doubt.fact != fact:
        if value in PER_TITLES:
            _per_of(turn, fact, value)
        return
    _settle(turn, value)


def take(turn: Turn) -> bool:
    """The answer to the open doubt in words; False when the message is about something else."""
    doubt = turn.interview.doubt
    if doubt is None or turn.pressed:
        return False
    if doubt.kind == "sum":
        return sums.take(turn)
    if doubt.kind == "per":
        titles = [(per, turn.translate(title)) for per, title in PER_TITLES.items()]
        found = read_money(f"1000 {turn.text}", turn.language)
        chosen = read_choice(turn.text, titles) or (found.per if found else None)
        chosen = chosen if chosen in PER_TITLES else None
    elif doubt.kind == "hours_unit":
        titles = [("day", turn.translate(ONE_DAY)), ("week", turn.translate(ONE_WEEK))]
        hours = read_hours(f"12 {turn.text}", turn.language)
        chosen = read_choice(turn.text, titles) or ("week" if hours and hours.per_week else "day" if hours and hours.per_day else None)
    else:
        word = yes_or_no_word(turn.text, turn.language)
        said = word if word is not None else {"affirm": True, "deny": False}.get(turn.intent)
        chosen = None if said is None else "yes" if said else "no"
    whole = read_answer(turn, doubt.fact, turn.text)
    if whole.value is not UNREAD and whole.doubt is None and len(turn.text.split()) > 1:
        # Said again, and whole this time.
        turn.interview.doubt = None
        return False
    if chosen is None:
        return False
    _settle(turn, chosen)
    return True


def _settle(turn: Turn, chosen: str) -> None:
    if turn.interview.doubt is not None and turn.interview.doubt.kind == "sum":
        sums.keep(turn)
        return
    doubt, turn.interview.doubt = turn.interview.doubt, None
    assert doubt is not None
    value = doubt.value
    if chosen in UNSAID.values():
        store(turn, doubt.fact, chosen)
    elif doubt.kind == "per":
        if value is None:
            value = get(turn.case, doubt.fact)
        pays = value if isinstance(value, list) else [value]
        changed = [{**pay, "per": chosen} for pay in pays if isinstance(pay, dict)]
        if changed:
            store(turn, doubt.fact, changed if isinstance(value, list) else changed[0])
    elif doubt.kind == "hours_unit":
        job = doubt.fact.rpartition(".")[0]
        if chosen == "week":
            store(turn, doubt.fact, value)
        elif try_put(turn, f"{job}.hours_per_day", value) is None:
            turn.interview.answered(f"{job}.hours_per_day")
            turn.interview.said_back.append(answer_line(turn, f"{job}.hours_per_day", value))
            turn.interview.again = f"{job}.days_per_week"
    elif chosen == "yes":
        store(turn, doubt.fact, value)
    else:
        turn.interview.again = doubt.fact


def _per_of(turn: Turn, fact: str, per: str) -> None:
    """A period pressed late: the amount it belongs to may be in the case already."""
    value = get(turn.case, fact)
    pays = value if isinstance(value, list) else [value]
    if pays and all(isinstance(pay, dict) for pay in pays):
        changed = [{**pay, "per": per} for pay in pays]
        try_put(turn, fact, changed if isinstance(value, list) else changed[0])
