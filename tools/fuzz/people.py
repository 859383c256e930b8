"""People who write and press what comes to them: a seeded generator of steps that looks at what was last answered."""

from __future__ import annotations

from random import Random

from actions.interview.ask import STOP_BUTTON
from calculator.api import contacts_by_country, default_rules
from calculator.engine.result.questions import definition_of, general_path
from calculator.translation import languages
from tools.fuzz.client import Seen
from tools.fuzz.material import Voice, voices
from tools.fuzz.odd import body, odd_text
from tools.fuzz.steps import Opening, Step
from tools.fuzz.words import said

#: Steps of a conversation.
FEWEST, MOST = 5, 20
DANGER = "emergency"
#: What is written after an answer, and how often; the rest are buttons and answers to the open question.
WRITTEN = {
    "sentence": 20,
    "story": 6,
    "odd": 8,
    "other": 5,
    "danger": 6,
    "delete": 3,
    "not_delete": 2,
    "old": 4,
    "foreign": 2,
    "madeup": 1,
    "twice": 4,
    "again": 3,
    "raw": 3,
    "remove": 1,
    "correct": 4,
    "stop": 3,
    "confirm": 3,
}
#: How often somebody presses a button that was offered, and how often an answer of the right kind is typed to a question.
PRESSES, ANSWERS = 0.45, 0.4


def opening(random: Random) -> Opening:
    """A language, and mostly a country: one with rules, any with numbers, or none."""
    language, chance = random.choice(languages()), random.random()
    if chance < 0.3:
        return Opening(language)
    return Opening(language, random.choice(sorted(default_rules().packs if chance < 0.85 else contacts_by_country())))


def next_step(random: Random, begun: Opening, language: str, answers: list[Seen]) -> Step:
    """What this person does next."""
    voice = voices()[language]
    last = answers[-1] if answers else None
    if last is not None and "confirm" in last.kinds:
        return _to_a_confirmation(random, voice, last)
    if last is not None and last.buttons and random.random() < PRESSES:
        return _press(random, language, last)
    if last is not None and last.asked and random.random() < ANSWERS:
        return _typed(random, voice, last.asked)
    kind = random.choices(list(WRITTEN), list(WRITTEN.values()))[0]
    if kind == "sentence" or last is None and kind in ("old", "foreign", "again", "confirm"):
        return _sentence(random, voice)
    if kind == "other":
        return _sentence(random, voices()[random.choice(languages())], settings=False)
    if kind == "story":
        return Step("write", random.choice(voice.stories), "told")
    if kind == "odd":
        return Step("write", odd_text(random), "odd")
    if kind == "danger":
        return Step("write", random.choice(voice.intents[DANGER]), "danger")
    if kind == "delete":
        about, texts = random.choice((("delete_data", voice.intents["delete_data"]), ("delete_last", voice.delete_last)))
        return Step("write", random.choice(texts), about)
    if kind == "not_delete":
        return Step("write", random.choice(voice.not_delete), "not_delete")
    if kind == "twice":
        return Step("twice", random.choice((random.choice(voice.stories), _sentence(random, voice, settings=False).text)), "double tap")
    if kind == "raw":
        return Step("raw", body(random))
    if kind == "correct":
        wish = random.choice(voice.intents["correct_answer"])
        return Step("write", f"{wish} {random.choice(_any_typed(voice))}" if random.random() < 0.5 else wish, "correct_answer")
    if kind == "stop":
        return Step("write", random.choice(voice.intents["stop"]), "stop")
    if kind == "confirm":
        about = random.choice(("affirm", "deny"))
        return Step("write", random.choice(voice.intents[about]), about)
    if kind == "old":
        return _old(random, answers)
    if kind == "madeup":
        return Step("madeup", "x" * random.choice((1, 12, 100)))
    return Step("foreign") if kind == "foreign" else Step("again") if kind == "again" else Step("remove")


def _press(random: Random, language: str, last: Seen) -> Step:
    """Mostly an answer; the end of the questions and deleting seldom, or there would be no long conversations."""
    titles = [button["title"] for _message, button in last.buttons]
    seldom = {said(language, STOP_BUTTON), said(language, "Delete everything")}
    often = [title for title in titles if title not in seldom]
    return Step("press", random.choice(often if often and random.random() < 0.9 else titles))


def _old(random: Random, answers: list[Seen]) -> Step:
    """A button of an answer before the last."""
    shown = [(back, button["title"]) for back, answer in enumerate(reversed(answers)) if back for _message, button in answer.buttons]
    back, title = random.choice(shown) if shown else (0, "")
    return Step("press", title, "old", back) if shown else Step("madeup", "x" * 12)


def _to_a_confirmation(random: Random, voice: Voice, last: Seen) -> Step:
    """Yes, no, a button, or something else altogether."""
    if last.buttons and random.random() < 0.5:
        return Step("press", random.choice(last.buttons)[1]["title"])
    if random.random() < 0.6:
        about = random.choice(("affirm", "deny"))
        return Step("write", random.choice(voice.intents[about]), about)
    return _sentence(random, voice)


def _sentence(random: Random, voice: Voice, settings: bool = True) -> Step:
    """A training sentence of any intent. `settings`: also such as change the language or the country."""
    intents = [intent for intent in voice.intents if settings or intent not in ("change_language", "change_country", "delete_data")]
    intent = random.choice(intents)
    return Step("write", random.choice(voice.intents[intent]), "danger" if intent == DANGER else intent)


def _typed(random: Random, voice: Voice, fact: str) -> Step:
    """An answer of the kind that is asked, or seldom of another."""
    definition = definition_of(fact)
    kind = {
        "date": "end" if fact.endswith(".end") else "begin",
        "pay": "pay",
        "pays": "pay",
        "money": "pay",
        "yes_no": "yes_no",
        "number": "hours",
    }.get(definition.type if definition else "yes_no", "")
    if general_path(fact) == "work[].hours_per_week":
        kind = "hours"
    texts = voice.typed.get(kind) if random.random() < 0.85 else None
    return Step("write", random.choice(texts or _any_typed(voice)), f"typed {kind if texts else 'any'}")


def _any_typed(voice: Voice) -> list[str]:
    return [text for texts in voice.typed.values() for text in texts] or ["2024"]
