"""One conversation played and looked at; a failing one played again with fewer steps, until only what matters is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import requests

from tools.fuzz import people
from tools.fuzz.client import Moment, Server, Talk
from tools.fuzz.invariants import complaints
from tools.fuzz.steps import Complaint, Failure, Opening, Step
from tools.fuzz.words import language_of

#: Messages of a conversation, below what a person may send in a minute (store/settings.py).
MOST_MESSAGES = 27
#: How often a failing conversation is played again to make it shorter.
MOST_REPLAYS = 40
#: Breaks or mends a part of the installation; True while one is broken.
Breaker = Callable[[Step], bool]


@dataclass
class Played:
    """A conversation that was held: its steps, how many messages were sent, and what did not hold after which step."""

    opening: Opening
    steps: list[Step] = field(default_factory=list)
    turns: int = 0
    failed: list[tuple[int, Complaint]] = field(default_factory=list)


def converse(server: Server, seed: int, number: int, breaker: Breaker | None = None) -> Played:
    """Hold the conversation with this number: the same seed and number bring the same person."""
    random = Random(f"{seed}/{number}")
    begun = people.opening(random)
    length = random.randint(people.FEWEST, people.MOST)
    fault = _fault(random, length) if breaker is not None else {}
    played = Played(begun)
    with requests.Session() as http:
        talk = Talk(server, begun, http)
        for at in range(length):
            if played.turns >= MOST_MESSAGES:
                break
            for step in [*fault.get(at, []), people.next_step(random, begun, talk.language, talk.answers)]:
                if step.do == "again" and not server.ids:
                    continue
                _take(talk, step, played, breaker)
        if talk.broken:
            _take(talk, Step("recover"), played, breaker)
            _take(talk, Step("write", "hello", "greet"), played, breaker)
    return played


def replay(server: Server, begun: Opening, steps: list[Step], breaker: Breaker | None = None) -> Played:
    """Take these steps in a conversation of their own; those that cannot be taken are left out."""
    played = Played(begun)
    with requests.Session() as http:
        talk = Talk(server, begun, http)
        for step in steps:
            _take(talk, step, played, breaker)
        if talk.broken and breaker is not None:
            # Whoever comes next finds everything well.
            breaker(Step("recover"))
    return played


def shortened(server: Server, number: int, played: Played, at: int, complaint: Complaint, breaker: Breaker | None = None) -> Failure:
    """The failure with as few steps as a simple search finds: half of them left out, then a quarter, then one by one."""
    left = MOST_REPLAYS

    def fails(steps: list[Step]) -> Complaint | None:
        nonlocal left
        left -= 1
        again = replay(server, played.opening, steps, breaker)
        return next((c for _at, c in again.failed if c.name == complaint.name), None)

    steps = played.steps[: at + 1]
    shown = fails(steps)
    if shown is None:
        return Failure(number, played.opening, complaint, steps)
    size = len(steps) // 2
    while size and left > 0:
        begin = 0
        while begin < len(steps) - 1 and left > 0:
            fewer = [*steps[:begin], *steps[begin + size : -1], steps[-1]]
            if len(fewer) < len(steps) and (found := fails(fewer)) is not None:
                steps, shown = fewer, found
            else:
                begin += size
        size //= 2
    return Failure(number, played.opening, shown, steps, again=True)


def _take(talk: Talk, step: Step, played: Played, breaker: Breaker | None) -> None:
    if step.do in ("halt", "kill", "recover"):
        if breaker is None:
            return
        played.steps.append(step)
        held = talk.case
        talk.broken = breaker(step)
        if step.do == "recover":
            played.failed += [(len(played.steps) - 1, complaint) for complaint in _after_recovery(talk, held)]
        return
    moment = talk.do(step)
    if moment is None:
        return
    played.steps.append(step)
    played.turns += len(moment.seen)
    played.failed += [(len(played.steps) - 1, complaint) for complaint in complaints(moment)]
    talk.language = _language_after(moment)


def _after_recovery(talk: Talk, held: dict[str, list[str]] | None) -> list[Complaint]:
    """After a fault everything is as it was acknowledged."""
    found = [Complaint("recovers", "not well again by itself")] if talk.broken else []
    after = talk.refresh()
    kept = {*held["confirmed"], *held["read"]} if held is not None else set()
    now = {*after["confirmed"], *after["read"]} if after is not None else set()
    if lost := sorted(kept - now):
        found.append(Complaint("recovers", "what was acknowledged is lost", ", ".join(lost)))
    return found


def _language_after(moment: Moment) -> str:
    """The language the conversation is in from now on, so that one fault is told once."""
    if moment.step.do in ("remove", "raw") or moment.gone or not moment.seen[-1].messages:
        return moment.language
    words = "\n".join([moment.seen[-1].text, *(button["title"] for _m, button in moment.seen[-1].buttons)])
    return language_of(words, moment.language)


def _fault(random: Random, length: int) -> dict[int, list[Step]]:
    """Where in a conversation something breaks, and is mended."""
    begin = random.randrange(length)
    end = min(length - 1, begin + random.randint(1, 4))
    broken = Step(random.choice(("halt", "halt", "kill")), random.choice(("rasa", "actions")))
    return {begin: [broken], **({end: [Step("recover")]} if end > begin else {})}
