"""The conversation store as the event loop sees it: never blocking, never waiting long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from erasure.wrapping import WrappingKeysError
from store.conversations import ConversationStore
from web.places import Places
from web.state import ConversationState

logger = logging.getLogger(__name__)
T = TypeVar("T")

THREADS = 16


class MemoryDownError(RuntimeError):
    """The database did not answer in time."""


class ConversationMemory:
    """Async face of ConversationStore, with typed states. All methods raise MemoryDownError."""

    def __init__(self, store: ConversationStore, places: Places, seconds: float) -> None:
        """`places`: what is kept of each conversation for when the database is away.

        `seconds`: a database that is slower counts as down; a person in danger does not wait for it.
        """
        self._store = store
        self._places = places
        self._seconds = seconds
        # Threads of our own: calls that hang on a dead database must not stop anything else.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")

    async def create(self, conversation: str, state: ConversationState) -> None:
        """Keep a new conversation."""
        await self.run(lambda: self._store.create(conversation, state.model_dump(mode="json")))
        self._places.remember(conversation, state)

    async def ensure(self, conversation: str, state: ConversationState) -> bool:
        """Keep a new conversation under this id; True unless there is one already."""
        return await self.run(lambda: self._store.ensure(conversation, state.model_dump(mode="json")))

    async def load(self, conversation: str) -> ConversationState | None:
        """The state, or None if the conversation is unknown or has expired."""
        content = await self.run(lambda: self._store.load(conversation))
        return self._seen(conversation, content)

    def place(self, conversation: str) -> ConversationState | None:
        """Language, place and open question alone, as this process last saw them; for when the rest cannot be had."""
        return self._places.recall(conversation)

    def assume(self, conversation: str, state: ConversationState) -> None:
        """Take a place as known while the database is away, unless this process has seen the conversation."""
        if self._places.recall(conversation) is None:
            self._places.remember(conversation, state)

    async def update(self, conversation: str, change: Callable[[ConversationState], None], fresh_key: bool = False) -> ConversationState | None:
        """Change the kept state in place, in one transaction; None if the conversation is gone. `fresh_key`: everything was deleted."""

        def replace(content: dict[str, object]) -> dict[str, object]:
            state = _state(content)
            if state is None:
                return content
            change(state)
            return state.model_dump(mode="json")

        content = await self.run(lambda: self._store.update(conversation, replace, fresh_key))
        return self._seen(conversation, content)

    async def keep(self, conversation: str, lasts: timedelta) -> datetime | None:
        """Let a conversation last so long from now; returns until when, None if it is gone."""
        return await self.run(lambda: self._store.keep(conversation, lasts))

    async def move(self, conversation: str, new: str) -> bool:
        """Go on under a new id; False if the conversation is gone."""
        self._places.forget(conversation)
        return await self.run(lambda: self._store.move(conversation, new))

    async def delete(self, conversation: str) -> bool:
        """Forget a conversation at once; True if there was one."""
        self._places.forget(conversation)
        return await self.run(lambda: self._store.delete(conversation))

    async def delete_later(self, conversation: str) -> None:
        """Have a conversation deleted as soon as the database takes it; nobody reads it here from now on."""
        await self.run(lambda: self._store.delete_later(conversation))

    @property
    def waits(self) -> bool:
        """Whether a deletion waits for the database."""
        return self._store.waits

    async def delete_again(self) -> None:
        """Delete what could not be deleted before."""
        await self.run(self._store.delete_again)

    async def purge(self) -> int:
        """Forget expired conversations (at most once a minute)."""
        return await self.run(self._store.purge)

    async def ready(self) -> bool:
        """True if the database answers and has our tables."""
        try:
            await self.run(lambda: self._store.load("readiness"))
        except MemoryDownError:
            return False
        return True

    def _seen(self, conversation: str, content: dict[str, object] | None) -> ConversationState | None:
        state = None if content is None else _state(content)
        if state is None:
            self._places.forget(conversation)
        else:
            self._places.remember(conversation, state)
        return state

    async def run(self, work: Callable[[], T]) -> T:
        """Do other work with the database in the same way."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._seconds):
                return await loop.run_in_executor(self._threads, work)
        except (SQLAlchemyError, OSError, WrappingKeysError) as error:
            # A TimeoutError is an OSError.
            logger.warning("the database does not answer: %s", type(error).__name__)
            raise MemoryDownError(type(error).__name__) from None

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _state(content: dict[str, object]) -> ConversationState | None:
    try:
        return ConversationState.model_validate(content)
    except ValidationError:
        # Written by another version of the gateway: as good as expired.
        return None
