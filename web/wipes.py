"""Conversations that Rasa must still forget: asked again until it has, or until they have expired there."""

from __future__ import annotations

import asyncio
import time

from web.rasa_client import RasaClient

RETRY_SECONDS = 5.0


class WipeQueue:
    """Retries wipes in this process's memory; ids are kept nowhere else."""

    def __init__(self, rasa: RasaClient, idle_minutes: int) -> None:
        """Rasa forgets by itself after `idle_minutes`, so nothing waits longer."""
        self._rasa = rasa
        self._idle_seconds = idle_minutes * 60.0
        self._waiting: dict[str, float] = {}
        self._added = asyncio.Event()

    def add(self, conversation: str) -> None:
        """Have Rasa forget a conversation as soon as it can; returns at once."""
        self._waiting[conversation] = time.monotonic() + self._idle_seconds
        self._added.set()

    async def wipe_now(self, conversation: str) -> bool:
        """Have Rasa forget a conversation; False if that has to be tried again later (and it will be)."""
        if await self._rasa.wipe(conversation):
            self._waiting.pop(conversation, None)
            return True
        self._waiting.setdefault(conversation, time.monotonic() + self._idle_seconds)
        return False

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._added.wait()
            self._added.clear()
            for conversation, give_up_at in list(self._waiting.items()):
                if not await self.wipe_now(conversation) and time.monotonic() > give_up_at:
                    self._waiting.pop(conversation, None)
            if self._waiting:
                self._added.set()
                await asyncio.sleep(RETRY_SECONDS)
