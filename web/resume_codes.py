"""Resume codes as the gateway makes and reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from store.resume import ResumeCodes
from web.limits import RateLimiter
from web.memory import ConversationMemory, MemoryDownError
from web.resume_words import WORDS, code_of, draw
from web.state import ConversationState

T = TypeVar("T")

# Guesses a minute in one process, of all people together: at this rate a code is safe for years, and it lives for a day.
GUESSES_A_MINUTE = 20


class Resume:
    """Makes and reads resume codes."""

    def __init__(self, codes: ResumeCodes, memory: ConversationMemory, hours: int) -> None:
        self._codes = codes
        self._memory = memory
        self._lasts = timedelta(hours=hours)
        self._guesses = RateLimiter(GUESSES_A_MINUTE)

    async def make(self, conversation: str) -> tuple[list[str], datetime] | None:
        """Return five English words that lead to the conversation, and until when; None if it is gone.

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
        """Return the conversation of the first code that is known, and forget the code. Raises MemoryDownError."""
        def look() -> str | None:
            return next((found for code in candidates if (found := self._codes.take(code)) is not None), None)

        return await self._run(look)

    def may_guess(self) -> bool:
        """Count one try; False when there were too many."""
        return self._guesses.allow("all")

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except SQLAlchemyError as error:
            raise MemoryDownError(type(error).__name__) from None
