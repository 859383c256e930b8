"""Resume codes as the gateway makes and reads them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from store.codes import Codes
from web.limits import RateLimiter
from web.memory import ConversationMemory, MemoryDownError
from web.resume_words import WORDS, code_of, draw
from web.state import ID_BYTES, ConversationState

T = TypeVar("T")

# What one address may try. A million addresses at this rate would find one code in years, and a code lives for a day; nobody's tries shut out
# anybody else.
GUESSES_A_MINUTE, GUESSES_AN_HOUR = 6, 30
# Tries an hour at codes that begin alike: somebody has seen a part of the words and tries the rest.
BEGINNING, ALIKE_AN_HOUR = 3, 20
HOUR_SECONDS = 3600.0


class Guesses:
    """Counts tries at codes, so that nobody finds one by trying."""

    def __init__(self) -> None:
        self._a_minute = RateLimiter(GUESSES_A_MINUTE)
        self._an_hour = RateLimiter(GUESSES_AN_HOUR, HOUR_SECONDS)
        self._alike = RateLimiter(ALIKE_AN_HOUR, HOUR_SECONDS)

    def may_guess(self, who: str, candidates: list[str]) -> bool:
        """Count one try of an address (its hash) or a member; False when there were too many of it, or of codes that begin like this one."""
        allowed = self._a_minute.allow(who) and self._an_hour.allow(who)
        beginnings = {"-".join(code.split("-")[:BEGINNING]) for code in candidates}
        return allowed and all(self._alike.allow(beginning) for beginning in beginnings)


class Resume:
    """Makes and reads resume codes."""

    def __init__(self, codes: Codes, memory: ConversationMemory, hours: int) -> None:
        self._codes = codes
        self._memory = memory
        self._lasts = timedelta(hours=hours)
        self.guesses = Guesses()

    async def make(self, conversation: str) -> tuple[list[str], datetime] | None:
        """English words that lead to the conversation, and until when; None if it is gone.

        Raises MemoryDownError.
        """
        until = await self._memory.keep(conversation, self._lasts)
        if until is None:
            return None
        numbers = draw()
        await self._run(lambda: self._codes.put(code_of(numbers), conversation, until))

        def note(state: ConversationState) -> None:
            state.kept_until = until

        await self._memory.update(conversation, note)
        return [WORDS[number] for number in numbers], until

    async def find(self, candidates: list[str]) -> str | None:
        """The conversation of the first code that is known, and forget the code. Raises MemoryDownError."""

        return await self._run(lambda: self._codes.first(candidates))

    async def move(self, conversation: str) -> str | None:
        """Go on with a conversation under a new id, so that the device it was begun on reads no more of it; None if it is gone.

        Raises MemoryDownError.
        """
        new = secrets.token_urlsafe(ID_BYTES)
        return new if await self._memory.move(conversation, new) else None

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except SQLAlchemyError as error:
            raise MemoryDownError(type(error).__name__) from None
