"""Whether this Rasa server could take a whole turn now: its database, its locks, and the action server as it reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.actions_endpoint import start_turn

READY_SECONDS = 1.5
# No conversation has such an id: the gateway's are 32 letters.
NOBODY = "readiness"
# The action of actions/ready.py. The domain only has to be there.
ASK_ACTIONS = {"next_action": "action_ready", "sender_id": NOBODY, "domain": {"version": "3.1"}, "tracker": {"sender_id": NOBODY}}


async def parts(agent: Any) -> dict[str, bool]:
    """What works, by name."""
    checks = {"database": lambda: database(agent), "locks": lambda: locks(agent), "actions": lambda: actions(agent)}
    return dict(zip(checks, await asyncio.gather(*(_works(check) for check in checks.values())), strict=True))


async def database(agent: Any) -> bool:
    """True if conversations can be read."""
    await agent.tracker_store.retrieve(NOBODY)
    return True


async def locks(agent: Any) -> bool:
    """True if a conversation can be locked."""
    async with agent.lock_store.lock(NOBODY):
        return True


async def actions(agent: Any) -> bool:
    """True if the action server answers at once."""
    start_turn()
    answer = await agent.action_endpoint.request(json=ASK_ACTIONS)
    return any((response.get("custom") or {}).get("ready") is True for response in (answer or {}).get("responses") or [])


async def _works(check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await asyncio.wait_for(check(), READY_SECONDS)
    except Exception:  # whatever it is, this part does not work
        return False
