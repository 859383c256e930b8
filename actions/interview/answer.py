"""An answer to the open question: read by the type of its fact before any intent is looked at.

"100 euro" was once taken for a goodbye; so an answer that reads is an answer, and only what does not read is
looked at as another fact, as a wish to skip, to know why, to correct, to stop, or as another topic.
"""

from __future__ import annotations

from actions import topics
from actions.interview import ask, corrections, details, doubts
from actions.interview.facts import try_put
from actions.interview.reading import UNREAD, Read, read_answer, unsaid
from actions.interview.storing import say_back, store
from actions.story import echo, whom
from actions.topics import talk
from actions.turn import Turn
from calculator.engine.result.questions import definition_of, general_path
from calculator.translation import _

NOT_READ_DATE = _("I could not read a date in that. A year is enough, or a month and a year.")
NOT_READ_NUMBER = _("I could not read a number in that. A rough number is enough.")
NOT_READ_HOURS = _("I could not read hours in that. You can write for example: 12 hours a day, 6 days a week.")
NOT_READ_MONEY = _("I could not read an amount in that. You can write for example: 50 a week, or nothing.")
NOT_READ_CHOICE = _("Choose what fits best. You can also skip.")
AFTER_EMERGENCY = _("Look after yourself first. When you want to go on, here is my question again:")
BACK = _("Back to my question:")
HOW_MUCH_LATER = _("I can say how much as soon as I know a little more. You can also stop now and see what I can say already.")

#: Intents that are a wish about the interview or another topic, never the content of an answer.
_DIGRESSIONS = frozenset(topics.ANSWERS) - {
    "affirm",
    "deny",
    "dont_know",
    "skip",
    "correct_answer",
    "stop",
    "inform",
    "nlu_fallback",
    "ask_why",
    "tell_story",
    "past_harm",
    "goodbye",
    "ask_compensation",
    "out_of_scope",
    "thank",
    "greet",
}
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


def _calm(turn: Turn) -> None:
    """The message was an answer: a line about danger above it would only frighten."""
    if turn.danger_level == "unsure":
        turn.calm = True


def not_read(turn: Turn, fact: str) -> None:
    """Say what could not be read, with an example."""
    definition = definition_of(fact)
    kind: str = definition.type if definition else "choice"
    if general_path(fact) == "work[].hours_per_week":
        kind = "hours"
    texts = {
        "date": NOT_READ_DATE,
        "number": NOT_READ_NUMBER,
        "hours": NOT_READ_HOURS,
        "pay": NOT_READ_MONEY,
        "pays": NOT_READ_MONEY,
        "money": NOT_READ_MONEY,
    }
    turn.say(texts.get(kind, NOT_READ_CHOICE))
