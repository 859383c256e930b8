"""Whether a message was answered before, in so little time that somebody in danger can wait for it."""

from __future__ import annotations

import asyncio

from store.outbox import Kept, Outbox
from web.memory import ConversationMemory, MemoryDownError

#: Of the two seconds that danger has; a database that is slower counts as away.
RECALL_SECONDS = 0.5


async def recall(memory: ConversationMemory, outbox: Outbox, message: str) -> Kept | None:
    """What the outbox knows of a message by its name. Raises MemoryDownError when the database does not say so in time."""
    try:
        return await asyncio.wait_for(memory.run(lambda: outbox.recall(message)), RECALL_SECONDS)
    except TimeoutError:
        raise MemoryDownError("TimeoutError") from None
