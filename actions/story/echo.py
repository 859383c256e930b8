"""Said back: one short list of what was understood from free text, and what the person says to it.

Nothing of it enters an estimate before it is confirmed, except what protects: under 18, still in it, not safe, the country for numbers.
"""

from __future__ import annotations

from typing import Any

from actions.interview.ask import COUNTRY, MORE_WORK
from actions.interview.facts import try_put
from actions.interview.state import ToldFact
from actions.story.told import Story, read_story
from actions.story.values import ADULT_AGE
from actions.story.words import lines, phrase
from actions.turn import Button, Turn
from calculator import api
from calculator.case.paths import get
from calculator.engine.result.questions import definition_of, general_path
from calculator.translation import _

UNDERSTOOD = _("This is what I understood:")
MORE = _("And this:")
IS_IT_RIGHT = _("Is that right?")
ALL_RIGHT = _("All right")
CHANGE_ONE = _("Change one")
DO_NOT_KEEP = _("Do not keep")
KEPT = _("Thank you. I keep that. You do not have to say it again.")
NOT_KEPT = _("I did not keep it.")
WHICH_ONE = _("Which one is not right?")
THE_OTHERS = _("The others are right")
MOST_LINES = 6
MOST_ECHOES = 2
ADULT_FACT = "chat.adult"
#: A message this short in answer to a question holds no story.
SHORTEST_STORY = 3
_PLACES = frozenset({"exploitation[].country", "exploitation[].region", "work[].country", "work[].locality"})


def hear(turn: Turn, answered: str | None = None, short: bool = False, unread: str | None = None) -> list[str]:
    """Take in what a typed message says beside the answer to the open question (`answered`); return the paths that are new.

    What protects acts at once. What was answered or confirmed is only changed when this message says something else. `short`: also a word or
    two, because they were no answer to what was asked; `unread`: that question. Hours that did not add up as its answer are none here either.
    """
    if turn.pressed or not short and len(turn.text.split()) < SHORTEST_STORY and not _dense(turn.text):
        return []
    story = _read(turn, answered, turn.interview.helper)
    if story.of_others and not turn.interview.helper:
        turn.interview.theirs = of_another(turn, _read(turn, answered, True), story)
    _protect(turn, story, answered)
    new: list[str] = []
    for path, told in story.told.items():
        if unread is not None and _are_hours(unread) and _are_hours(path):
            continue
        if answered == MORE_WORK and path.endswith(".offender_relation"):
            # "Yes, there was another boss" says again what the question says.
            continue
        if path == answered or not keeps(turn, path, told.value) or _is_twin(turn, path, told.value, answered):
            continue
        known = turn.interview.told.get(path)
        if known is not None and known.sure and not told.sure:
            continue
        if known is None or known.value != told.value or not known.sure and told.sure:
            turn.interview.told[path] = ToldFact(value=told.value, words=told.words, sure=told.sure)
            if told.sure:
                new.append(path)
                turn.interview.echoed = 0
                turn.learn(path, told.value, phrase(turn, path, told.value))
    if answered == ADULT_FACT and "person.birth_year" in new:
        # "I am 34" answers the question about her age: it is said back with that, and is no list of its own.
        turn.interview.said_back.append(phrase(turn, "person.birth_year", turn.interview.told["person.birth_year"].value))
        confirm(turn, ["person.birth_year"])
        new.remove("person.birth_year")
    if story.length is not None:
        turn.interview.length = (float(story.length[0]), float(story.length[1]))
    return new


def of_another(turn: Turn, whole: Story, own: Story) -> dict[str, ToldFact]:
    """What a text tells if it is written for somebody else, without what it tells of the writer; also that she is a child, or still in it."""
    found = {path: ToldFact(value=told.value, sure=told.sure) for path, told in whole.told.items() if path not in own.told}
    if whole.minor and not own.minor:
        found[ADULT_FACT] = ToldFact(value=False)
    if whole.ongoing and not own.ongoing:
        found["exploitation[0].end"] = ToldFact(value=turn.today.isoformat())
    return found


def _read(turn: Turn, answered: str | None, helper: bool) -> Story:
    return read_story(turn.understood, turn.text, turn.language, turn.today, turn.country, answered or turn.asked, helper)


def _are_hours(path: str) -> bool:
    return general_path(path) in ("work[].hours_per_week", "work[].hours_per_day", "work[].days_per_week")


def _is_twin(turn: Turn, path: str, value: Any, answered: str | None) -> bool:
    """Whether a day was read as the other end of a time, though it is the answer to the question about one."""
    ends = ("start", "end")
    other_end = answered is not None and answered.rpartition(".")[2] in ends and path.rpartition(".")[2] in ends
    return other_end and answered is not None and value == get(turn.case, answered)


def _dense(text: str) -> bool:
    return len(text) > 12


def keeps(turn: Turn, path: str, value: Any) -> bool:
    """Whether a value that was read is worth keeping: it is new, it was not refused, and the case stays readable with it."""
    if f"{path}={value!r}" in turn.interview.refused:
        return False
    if get(turn.case, path) == value:
        return False
    if path in turn.interview.order and general_path(path) not in (
        "work[].paid",
        "work[].hours_per_week",
        "exploitation[].start",
        "exploitation[].end",
    ):
        return get(turn.case, path) in ("unknown", "declined")
    if path == "exploitation[0].region" and value not in _regions(turn):
        return False
    return (
        path == "losses"
        or definition_of(path) is not None
        or general_path(path) in ("work[].country", "exploitation[].country", "work[].hours_per_day")
    )


def _regions(turn: Turn) -> set[str]:
    pack = api.default_rules().packs.get(turn.country or "")
    return {region.code for region in pack.jurisdiction.regions} if pack else set()


def _protect(turn: Turn, story: Story, answered: str | None = None) -> None:
    """Under 18, still in it, not safe, the country: these act at once, and are said back all the same."""
    state = turn.interview
    if story.minor and not (state.adult_asked and state.adult):
        state.adult = False
        if answered != ADULT_FACT:
            state.told[ADULT_FACT] = ToldFact(value=False, words="")
    elif story.age is not None and story.age >= ADULT_AGE and not state.adult_asked:
        state.told[ADULT_FACT] = ToldFact(value=True, words="")
        turn.learn(ADULT_FACT, True, phrase(turn, ADULT_FACT, True))
    if story.age is not None:
        year = turn.today.year - story.age
        story.add("person.birth_year", {"low": str(year - 1), "high": str(year)}, "")
    state.unsafe = state.unsafe or story.unsafe
    if story.ongoing:
        state.ongoing = True
        story.add("exploitation[0].end", turn.today.isoformat(), "")
    if story.country and turn.country is None:
        turn.country = story.country
        state.new_country = story.country


def waiting(turn: Turn) -> list[str]:
    """Sure values that were read and are not yet confirmed or refused."""
    order = set(turn.interview.order)
    return [path for path, told in turn.interview.told.items() if told.sure and path not in order]


def offer(turn: Turn, more: bool = False) -> bool:
    """Say back what waits to be confirmed; False when nothing does, or only a place, which is no list: it is said with the first question.

    `more`: the first lines were just answered, and these are the next. Where something else is asked already the list waits for its turn.
    """
    state = turn.interview
    if turn.asks:
        return False
    paths = waiting(turn)
    if not paths or state.echoed >= MOST_ECHOES or only_places(paths):
        state.echo = []
        return False
    shown = lines(turn, {path: state.told[path].value for path in paths})
    chosen = shown[:MOST_LINES]
    state.echo = [path for _, held in chosen for path in held]
    state.echoed += 1
    turn.asked = None
    turn.say_lines(
        [turn.translate(MORE if more else UNDERSTOOD), *(line for line, _ in chosen), turn.translate(IS_IT_RIGHT)],
        kind="understood",
        buttons=[_button(turn, ALL_RIGHT, "right"), _button(turn, CHANGE_ONE, "change"), _button(turn, DO_NOT_KEEP, "drop")],
    )
    return True


def only_places(paths: list[str]) -> bool:
    """Whether all that was read is where it happened."""
    return all(general_path(path) in _PLACES for path in paths)


def say_places(turn: Turn) -> None:
    """Where it happened, when that is all that was read: said back with the first question, like an answer; also the guess by whose country
    we answer now."""
    told = turn.interview.told
    guessed = [path for path, fact in told.items() if not fact.sure and path == COUNTRY and fact.value == turn.country]
    paths = [*waiting(turn), *(path for path in guessed if path not in turn.interview.order)]
    if paths and only_places(paths):
        turn.interview.said_back += [line for line, _paths in lines(turn, {path: turn.interview.told[path].value for path in paths})]
        confirm(turn, paths)


def _button(turn: Turn, title: str, value: str) -> Button:
    return turn.button(title, f'/choose{{"fact": "echo", "value": "{value}"}}')


def is_open(turn: Turn) -> bool:
    """Whether a list waits for an answer."""
    return bool(turn.interview.echo)


def take(turn: Turn) -> bool:
    """The answer to the list, from a button or from words; False when the message is about something else."""
    value = str(turn.entities.get("value") or "") if turn.entities.get("fact") == "echo" else ""
    if not value and turn.after_emergency:
        # "Yes, he hits me" answers the emergency message above, not the list before it.
        return False
    if not value and not turn.pressed:
        value = {"affirm": "right", "deny": "change", "correct_answer": "change", "delete_data": ""}.get(turn.intent, "")
        if value == "change" and len(turn.text.split()) > SHORTEST_STORY:
            # It says what is not right: that is read like any other message.
            return False
    if not value:
        return False
    if value == "right":
        confirm(turn, turn.interview.echo)
        turn.say(KEPT)
    elif value == "drop":
        drop(turn, turn.interview.echo)
        turn.interview.theirs = {}
        turn.say(NOT_KEPT)
    elif value == "change":
        _ask_which(turn)
        return True
    else:
        _drop_one(turn, value)
    turn.interview.echo = []
    if waiting(turn):
        turn.interview.echoed = 1
        offer(turn, more=True)
    return True


def confirm(turn: Turn, paths: list[str]) -> None:
    """Confirmed values are answers; the words they were read from go."""
    # A country and the entry of its job come before what stands in them.
    for path in sorted(paths, key=lambda p: (not p.endswith(".country"), p)):
        told = turn.interview.told.pop(path, None)
        if told is None:
            continue
        if path == ADULT_FACT:
            turn.interview.adult, turn.interview.adult_asked = bool(told.value), True
        elif (error := try_put(turn, path, told.value)) is not None:
            # It does not go with what is known already: said, and its question stays open.
            turn.say_lines(list(error.said(turn.translate)))
            continue
        turn.interview.answered(path)
    _complete(turn)


def _complete(turn: Turn) -> None:
    """Hours a week where hours a day and days are both known now."""
    for number, job in enumerate(turn.case.get("work") or []):
        hours, days = job.get("hours_per_day"), job.get("days_per_week")
        if job.get("hours_per_week") is None and isinstance(hours, int) and isinstance(days, int):
            week = f"work[{number}].hours_per_week"
            if try_put(turn, week, hours * days) is None:
                # Worked out by us: said back with the next question.
                turn.interview.answered(week)
                turn.learn(week, hours * days, phrase(turn, week, hours * days))
                turn.interview.said_back.append(phrase(turn, week, hours * days))


def drop(turn: Turn, paths: list[str]) -> None:
    """Refused values are forgotten with their words, and not read a second time."""
    for path in paths:
        told = turn.interview.told.pop(path, None)
        if told is not None:
            turn.interview.refused = [*turn.interview.refused, f"{path}={told.value!r}"][-40:]
        if path == ADULT_FACT and not turn.interview.adult_asked:
            turn.interview.adult = None
        if path == "exploitation[0].end":
            turn.interview.ongoing = False


def _ask_which(turn: Turn) -> None:
    """One button a line; the line that is touched is not kept, and asked when it is its turn."""
    state = turn.interview
    facts = {path: state.told[path].value for path in state.echo if path in state.told}
    buttons = [Button(phrase(turn, path, value), f'/choose{{"fact": "echo", "value": "{path}"}}') for path, value in facts.items()]
    turn.say(WHICH_ONE, kind="understood", buttons=[*buttons, _button(turn, THE_OTHERS, "right"), _button(turn, DO_NOT_KEEP, "drop")])


def _drop_one(turn: Turn, path: str) -> None:
    """A value that is not right: it is forgotten, the others of the list are kept, and its question comes first."""
    drop(turn, [path])
    confirm(turn, [other for other in turn.interview.echo if other != path])
    if definition_of(path) is not None and turn.in_form:
        turn.interview.again = path


def guess(turn: Turn, path: str) -> Any:
    """A value that was read but is not sure, for the question that asks it; None when there is none."""
    told = turn.interview.told.get(path)
    return told.value if told is not None else None
