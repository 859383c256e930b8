"""An answer goes into the case: what follows from it, and how it is said back."""

from __future__ import annotations

from typing import Any

from actions.interview import ask
from actions.interview.facts import ANSWERED, in_words, try_put
from actions.story.words import answer_line, say_changed
from actions.topics.country import country_name, say_no_rules
from actions.turn import Button, Turn
from calculator import api
from calculator.case.paths import get
from calculator.case.values import read_date_range
from calculator.engine.result.questions import definition_of, general_path
from calculator.errors import CaseError
from calculator.translation import _

LATER = _("I keep that for later. First the questions about the country we began with. Then I can work out {country} too.")
#: The one that is touched is right; the other one is asked again.
LATER_THAN_END = _("You told me that it ended before it began. Which is right?")


def store(turn: Turn, fact: str, value: Any) -> None:
    """Keep an answer, and say a typed one back with the next question. A correction of an earlier one is said back at once."""
    state = turn.interview
    if fact in (ask.ADULT, ask.MORE_WORK, ask.WORK_COUNTRY):
        state.touched(fact)
    if fact == ask.ADULT:
        state.adult_asked, state.adult = True, value if isinstance(value, bool) else None
        state.told.pop(ask.ADULT, None)
        if isinstance(value, bool):
            say_back(turn, fact, value)
        return
    if fact == ask.MORE_WORK:
        state.where_work = value is True
        state.more_work_asked = value is not True
        return
    if fact == ask.WORK_COUNTRY:
        _another_job(turn, value)
        return
    if not fact or definition_of(fact) is None and fact != ask.COUNTRY:
        return
    before = get(turn.case, fact)
    if _turned_round(turn, fact, value):
        return
    error = try_put(turn, fact, value)
    if error is not None:
        say_error(turn, error)
        return
    read = state.told.pop(fact, None)
    state.answered(fact)
    if read is not None and value in ("unknown", "declined") and (definition := definition_of(fact)) is not None:
        # What was read of it goes: that is a change, and said as one.
        turn.learn(fact, value, turn.words(ANSWERED, question=turn.translate(definition.question), answer=in_words(turn, fact, value)))
    _follow_country(turn, fact, value)
    _follow_hours(turn, fact)
    if before is not None and before != value:
        turn.learn(fact, value, answer_line(turn, fact, value))
        say_changed(turn, fact)
    else:
        say_back(turn, fact, value)


def _turned_round(turn: Turn, fact: str, value: Any) -> bool:
    """An end before its beginning is asked about: which of the two is to change?"""
    owner, _sep, name = fact.rpartition(".")
    start, end = (value if which == name else get(turn.case, f"{owner}.{which}") for which in ("start", "end"))
    if name not in ("start", "end") or not _is_day(start) or not _is_day(end):
        return False
    if read_date_range(end).latest >= read_date_range(start).earliest:
        return False
    turn.say(
        LATER_THAN_END,
        kind="question",
        buttons=[
            Button(answer_line(turn, f"{owner}.{which}", day), f'/choose{{"fact": "correct", "value": "{owner}.{other}"}}')
            for which, other, day in (("start", "end", start), ("end", "start", end))
        ],
    )
    return True


def _is_day(value: Any) -> bool:
    return value not in (None, "unknown", "declined")


def say_back(turn: Turn, fact: str, value: Any) -> None:
    """A typed answer is said back with the next question, so that a misreading is seen."""
    if value in ("unknown", "declined"):
        return
    line = answer_line(turn, fact, value)
    turn.learn(fact, value, line)
    if not turn.pressed:
        turn.interview.said_back.append(line)


def _follow_hours(turn: Turn, fact: str) -> None:
    """Days a week complete hours a day."""
    if general_path(fact) != "work[].days_per_week":
        return
    job = fact.rpartition(".")[0]
    hours, days = get(turn.case, f"{job}.hours_per_day"), get(turn.case, fact)
    if hours is None or get(turn.case, f"{job}.hours_per_week") is not None:
        return
    if days in ("unknown", "declined"):
        days = {"low": "1", "high": "7"}
    low_h, high_h = _ends(hours)
    low_d, high_d = _ends(days)
    low, high = low_h * low_d, high_h * high_d
    if try_put(turn, f"{job}.hours_per_week", _whole(low) if low == high else {"low": str(low), "high": str(high)}) is None:
        week = f"{job}.hours_per_week"
        turn.interview.answered(week)
        # Worked out by us, so it is said back even where the days were a button.
        line = answer_line(turn, week, get(turn.case, week))
        turn.learn(week, get(turn.case, week), line)
        turn.interview.said_back.append(line)


def _ends(value: Any) -> tuple[float, float]:
    return (float(value["low"]), float(value["high"])) if isinstance(value, dict) else (float(value), float(value))


def _whole(value: float) -> Any:
    return int(value) if value == int(value) else str(value)


def say_error(turn: Turn, error: CaseError) -> None:
    """What is wrong and how to mend it, in the person's language; the open question is asked again."""
    problem, fix = error.said(turn.translate)
    turn.say_lines([problem, fix])


def _follow_country(turn: Turn, fact: str, value: Any) -> None:
    """The first country named in the case is also the country of the chat."""
    if fact != ask.COUNTRY:
        return
    if value in ("unknown", "declined"):
        turn.interview.country_unsaid = True
    elif isinstance(value, str):
        turn.country = turn.interview.new_country = value
        turn.interview.country_unsaid = False


def _another_job(turn: Turn, where: Any) -> None:
    """A second job starts an entry of its own, and in another country the country's. Without one it was in the same country."""
    turn.interview.where_work = False
    here = ask.country_of(turn)
    country = str(where) if where not in (None, "unknown", "declined") else here
    jobs, acts = turn.case.setdefault("work", []), turn.case.setdefault("exploitation", [{}])
    entry = acts[ask.entry_of(turn, here)]
    for name in ("start", "end"):
        # Two jobs share no dates: the first keeps those of the whole time until it is corrected.
        value = entry.get(name)
        if len(jobs) == 1 and value is not None and jobs[0].get(name) is None:
            jobs[0][name] = value
            turn.learn(f"work[0].{name}", value, answer_line(turn, f"work[0].{name}", value))
    if country == here:
        jobs.append({"country": country})
        return
    turn.interview.more_work_asked = True
    if all(known.get("country") != country for known in acts):
        acts.append({"country": country, **({"forms": entry["forms"]} if "forms" in entry else {})})
        if "forms" in entry:
            path = f"exploitation[{len(acts) - 1}].forms"
            turn.learn(path, entry["forms"], answer_line(turn, path, entry["forms"]))
    if country in api.default_rules().packs:
        jobs.append({"country": country})
        turn.say(LATER, country=country_name(turn, country))
    else:
        say_no_rules(turn, str(country), stay=True)
