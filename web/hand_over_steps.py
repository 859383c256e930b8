"""Handing what was told in the chat over to an advice centre: a code for some minutes, a worker who asks with it, a yes, and it is theirs.

What is handed over lies in the conversation, sealed as it is and gone when it is deleted. Nobody gets it before the person has seen who asks.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from store.codes import Codes
from web.memory import ConversationMemory, MemoryDownError
from web.resume_codes import Guesses
from web.resume_words import WORDS, code_of, draw
from web.state import ConversationState, HandOver

T = TypeVar("T")
#: So long a code leads to her, and she can say yes to who has asked with it.
LASTS = timedelta(minutes=15)


class Step(StrEnum):
    """How far a hand-over has come."""

    NONE = "none"
    WAITING = "waiting"
    ASKED = "asked"
    AGREED = "agreed"
    TAKEN = "taken"


def step_of(hand_over: HandOver | None) -> Step:
    """How far it has come; one whose time is over has not begun, and what was taken stays so."""
    if hand_over is not None and hand_over.taken:
        return Step.TAKEN
    if hand_over is None or hand_over.until <= datetime.now(UTC):
        return Step.NONE
    if hand_over.agreed is not None:
        return Step.AGREED
    return Step.ASKED if hand_over.asked_by is not None else Step.WAITING


def told_so_far(state: ConversationState) -> HandOver | None:
    """What there is to hand over, before a code was asked for; None when nothing was answered yet."""
    case = {"version": 1, **state.case.case}
    read = [name for name in state.case.read if name not in state.case.confirmed]
    if len(case) == 1 and state.result is not None:
        case, read = {"version": 1, **state.result.case}, []
    return HandOver(code=[], until=datetime.now(UTC), case=case, read=read) if len(case) > 1 else None


class HandOvers:
    """All methods raise MemoryDownError when the database does not answer."""

    def __init__(self, codes: Codes, memory: ConversationMemory) -> None:
        self._codes, self._memory = codes, memory
        self.guesses = Guesses()

    async def begin(self, conversation: str, case: dict[str, object], read: list[str]) -> None:
        """A code for what she was shown. One that she had before leads nowhere any more."""
        numbers, until = draw(), datetime.now(UTC) + LASTS
        await self._run(lambda: self._codes.put(code_of(numbers), conversation, until))
        begun = HandOver(code=[WORDS[number] for number in numbers], until=until, case=case, read=read)
        await self._change(conversation, lambda _old: begun)

    async def end(self, conversation: str) -> None:
        """She does not want it any more, or says no."""
        await self._change(conversation, lambda _old: None)

    async def agree(self, conversation: str, mark: str, words: str, language: str, day: date) -> None:
        """She says yes to the one who has asked, and to nobody who may have asked since."""

        def change(old: HandOver | None) -> HandOver | None:
            if old is None or step_of(old) is not Step.ASKED or old.mark != mark:
                return old
            return old.model_copy(update={"agreed": words, "agreed_language": language, "agreed_on": day})

        await self._change(conversation, change)

    async def ask(self, candidates: list[str], organisation: str) -> tuple[str, str] | None:
        """A worker asks with a code, which is used up: the conversation, and the mark by which she comes back. None: it leads nowhere."""
        conversation = await self._run(lambda: self._codes.first(candidates))
        if conversation is None:
            return None
        mark = secrets.token_urlsafe(16)

        def change(old: HandOver | None) -> HandOver | None:
            if old is None or step_of(old) is not Step.WAITING:
                return old
            return old.model_copy(update={"asked_by": organisation, "mark": mark})

        now = await self._change(conversation, change)
        return (conversation, mark) if now is not None and now.mark == mark else None

    async def take(self, conversation: str, mark: str) -> tuple[Step, HandOver | None]:
        """What was handed over, once she has said yes; it can be taken once. Step.NONE: she said no, or the time is over."""
        found: list[HandOver] = []

        def change(old: HandOver | None) -> HandOver | None:
            found.clear()
            if old is None or old.mark != mark or step_of(old) is not Step.AGREED:
                return old
            found.append(old)
            # What was handed over is theirs now; here only who has it is kept.
            return old.model_copy(update={"taken": True, "case": {}, "read": [], "code": []})

        now = await self._change(conversation, change)
        if found:
            return Step.TAKEN, found[0]
        return (step_of(now) if now is not None and now.mark == mark and not now.taken else Step.NONE), None

    async def give_back(self, conversation: str, hand_over: HandOver) -> None:
        """What was taken could not be kept: as if it had not been taken. A hand-over that she has begun since stays."""
        await self._change(conversation, lambda old: hand_over if old is not None and old.mark == hand_over.mark else old)

    async def _change(self, conversation: str, change: Callable[[HandOver | None], HandOver | None]) -> HandOver | None:
        def put(state: ConversationState) -> None:
            state.hand_over = change(state.hand_over)

        state = await self._memory.update(conversation, put)
        return state.hand_over if state is not None else None

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except SQLAlchemyError as error:
            raise MemoryDownError(type(error).__name__) from None
