"""An answer to the open question: read by the type of its fact before any intent is looked at.

"100 euro" was once taken for a goodbye; so an answer that reads is an answer, and only what does not read is
looked at as another fact, as a wish to skip, to know why, to correct, to stop, or as another topic.
"""

from __future__ import annotations

from typing import Any

from actions import topics
from actions.interview import ask, corrections, details, doubts
from actions.interview.facts import ANSWERED, in_words, try_put
from actions.interview.reading import UNREAD, Read, read_answer, unsaid
from actions.story import echo, whom
from actions.story.words import answer_line, say_changed
from actions.topics import talk
from actions.topics.country import country_name, say_no_rules
from actions.turn import Button, Turn, _
from calculator import api
from calculator.case.paths import get
from calculator.case.values import read_date_range
from calculator.engine.questions import definition_of, general_path
from calculator.errors import CaseError

NOT_READ_DATE = _("I could not read a date in that. A year is enough, or a month and a year.")
NOT_READ_NUMBER = _("I could not read a number in that. A rough number is enough.")
NOT_READ_HOURS = _("I could not read hours in that. You can write for example: 12 hours a day, 6 days a week.")
NOT_READ_MONEY = _("I could not read an amount in that. You can write for example: 50 a week, or nothing.")
NOT_READ_CHOICE = _("Choose what fits best. You can also skip.")
AFTER_EMERGENCY = _("Look after yourself first. When you want to go on, here is my question again:")
BACK = _("Back to my question:")
LATER = _("I keep that for later. First the questions about the country we began with. Then I can work out {country} too.")
HOW_MUCH_LATER = _("I can say how much as soon as I know a little more. You can also stop now and see what I can say already.")
#: The one that is touched is right; the other one is asked again.
LATER_THAN_END = _("You told me that it ended before it began. Which is right?")

#: Intents that are a wish about the interview or another topic, never the content of an answer.
_DIGRESSIONS = frozenset(topics.ANSWERS) - {"affirm", "deny", "dont_know", "skip", "correct_answer", "stop", "inform",
                                             "nlu_fallback", "ask_why", "tell_story", "past_harm", "goodbye",
                                             "ask_compensation", "out_of_scope", "thank", "greet"}
#: Types whose answers stand in words of their own: what reads as one is one, whatever else the sentence sounds like.
_PLAIN = frozenset({"date", "number", "pay", "pays", "money"})


def take(turn: Turn) -> bool:
    """Work the latest message into the interview. True when the interview is to end now."""
    if turn.intent == "choose":
        return _pressed(turn)
    fact = turn.asked or ""
    if turn.intent == "result":
        details.respond(turn)
        return False
    if turn.pressed:
        return _pressed_topic(turn)
    if turn.after_emergency and turn.intent in ("affirm", "deny", "dont_know", "thank", "greet"):
        # These words answer the emergency message, not the question from before it.
        turn.say(AFTER_EMERGENCY)
        return False
    definition = definition_of(fact)
    listed = unsaid(turn, turn.text, listed=True)
    if listed is not None:
        _calm(turn)
        store(turn, fact, listed)
        return False
    read = read_answer(turn, fact, turn.text)
    plain = definition is not None and definition.type in _PLAIN
    if plain and (read.value is not UNREAD or read.beside) and not _corrects(turn, fact):
        return _answered(turn, fact, read)
    if turn.intent == "stop":
        return True
    if turn.intent == "ask_why":
        ask.why(turn)
        return False
    if turn.intent == "correct_answer" and corrections.correct(turn):
        return False
    if read.value is not UNREAD:
        return _answered(turn, fact, read)
    said = unsaid(turn, turn.text)
    if said is not None:
        _calm(turn)
        store(turn, fact, said)
        # "I don't know, he has my passport": what stands beside it is heard.
        echo.hear(turn, fact)
        echo.offer(turn)
        return False
    return _something_else(turn, fact)


def _corrects(turn: Turn, fact: str) -> bool:
    """Whether a message that would also read as an answer speaks of an earlier one: "no, I meant 70 hours" at a question about money."""
    return turn.intent == "correct_answer" and corrections.meant(turn) not in (None, fact)


def _answered(turn: Turn, fact: str, read: Read) -> bool:
    """Keep an answer, and what was told beside it; ask about it first where it is hardly possible."""
    _calm(turn)
    for path, value in read.beside.items():
        if path != fact and path not in turn.interview.order and try_put(turn, path, value) is None:
            turn.interview.told.pop(path, None)
            turn.interview.answered(path)
            if general_path(path) not in ("work[].hours_per_day", "work[].days_per_week"):
                say_back(turn, path, value)
    if read.doubt is not None and read.value is not UNREAD:
        doubts.ask(turn, fact, read.value, read.doubt)
    elif read.value is not UNREAD:
        store(turn, fact, read.value)
    else:
        _part_told(turn, fact, read)
    echo.hear(turn, fact)
    if not turn.interview.doubt:
        echo.offer(turn)
    return False


def _part_told(turn: Turn, fact: str, read: Read) -> None:
    """Only part of the answer: hours a day without days, days without hours, the other end of a time."""
    job = fact.rpartition(".")[0]
    for path, value in read.beside.items():
        if general_path(path) in ("work[].hours_per_day", "work[].days_per_week"):
            say_back(turn, path, value)
    if f"{job}.hours_per_day" in read.beside:
        turn.interview.again = f"{job}.days_per_week"


def _something_else(turn: Turn, fact: str) -> bool:
    """A message that is no answer to the open question: other facts, another topic, or something that was not understood."""
    new = echo.hear(turn, short=True, unread=fact)
    if turn.intent == "ask_compensation":
        how_much(turn)
        return False
    if turn.intent == "emergency" and not new:
        talk.unsure_danger(turn)
        return False
    if turn.intent in _DIGRESSIONS or turn.intent in ("tell_story", "past_harm", "thank", "greet", "out_of_scope"):
        _digress(turn, bool(new))
        return False
    if new:
        if fact in new and turn.intent != "emergency":
            _calm(turn)
        echo.offer(turn)
        return False
    if turn.intent == "correct_answer" and corrections.correct(turn):
        return False
    if turn.after_emergency or turn.metadata.held:
        turn.say(talk.GLAD_SAFE if turn.metadata.held else AFTER_EMERGENCY)
        return False
    not_read(turn, fact)
    return False


def how_much(turn: Turn) -> None:
    """Asked for the sum in the middle of the questions: an honest word, and the way to see what is known."""
    turn.say(HOW_MUCH_LATER, buttons=[turn.button(ask.STOP_BUTTON, "/stop")])


def _pressed_topic(turn: Turn) -> bool:
    """A button of another topic: its title is no answer to the open question."""
    if turn.intent == "stop":
        return True
    if turn.intent == "ask_why":
        ask.why(turn)
        return False
    if turn.intent == "ask_compensation":
        return False
    _digress(turn)
    return False


def _digress(turn: Turn, story: bool = False) -> None:
    """Answer the other topic, then come back to the question, or to what was understood."""
    if story and turn.intent in ("tell_story", "past_harm"):
        turn.say_lines([turn.translate(talk.HEARD), turn.translate(talk.HEARD_RIGHTS)])
    else:
        topics.answer(turn)
    if turn.asks:
        return
    if not echo.offer(turn):
        turn.say(BACK)


def _pressed(turn: Turn) -> bool:
    """A button: it answers the question it was made for, even when another one is open by now."""
    fact, value = str(turn.entities.get("fact") or ""), str(turn.entities.get("value") or "")
    if fact == "danger":
        talk.danger_choice(turn, value)
        return False
    if fact == "who":
        whom.take(turn, value)
        return False
    if fact == "echo":
        echo.take(turn)
        return False
    if fact == "correct":
        corrections.choose(turn, value)
        return False
    if fact.startswith("doubt:"):
        doubts.pressed(turn, fact.removeprefix("doubt:"), value)
        return False
    if value in ("unknown", "declined"):
        store(turn, fact, value)
        return False
    if value == "guess":
        told = turn.interview.told.get(fact)
        if told is not None:
            store(turn, fact, told.value)
        return False
    definition = definition_of(fact)
    if fact in (ask.ADULT, ask.MORE_WORK) or definition is not None and definition.type == "yes_no":
        store(turn, fact, value == "true")
    elif value == "nothing":
        store(turn, fact, [])
    elif value == "still":
        store(turn, fact, turn.today.isoformat())
    elif definition is not None and definition.type == "choices":
        store(turn, fact, [value])
    elif definition is not None and definition.offer and ".." in value:
        low, _sep, high = value.partition("..")
        store(turn, fact, int(low) if low == high else {"low": low, "high": high})
    elif definition is not None or fact in (ask.COUNTRY, ask.WORK_COUNTRY):
        store(turn, fact, value)
    return False


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
    turn.say(LATER_THAN_END, kind="question", buttons=[
        Button(answer_line(turn, f"{owner}.{which}", day), f'/choose{{"fact": "correct", "value": "{owner}.{other}"}}')
        for which, other, day in (("start", "end", start), ("end", "start", end))])
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


def _calm(turn: Turn) -> None:
    """The message was an answer: a line about danger above it would only frighten."""
    if turn.danger_level == "unsure":
        turn.calm = True


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


def not_read(turn: Turn, fact: str) -> None:
    """Say what could not be read, with an example."""
    definition = definition_of(fact)
    kind: str = definition.type if definition else "choice"
    if general_path(fact) == "work[].hours_per_week":
        kind = "hours"
    texts = {"date": NOT_READ_DATE, "number": NOT_READ_NUMBER, "hours": NOT_READ_HOURS, "pay": NOT_READ_MONEY, "pays": NOT_READ_MONEY,
             "money": NOT_READ_MONEY}
    turn.say(texts.get(kind, NOT_READ_CHOICE))
