"""Answers by Telegram, at least once: sent at once, and again from the outbox until Telegram has confirmed them or they would come too late.

An answer is put into the outbox, then sent; danger is sent at the same time, and waits for no database. Whoever sends it holds a claim in
the outbox; when that process dies the claim ends some seconds later, and any gateway goes on with the first part that is not confirmed. Where
the database is away, or the conversation was just deleted, this process tries again as long as Telegram waits for its response; if all that
fails the response says so, and Telegram hands the message over again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from store.outbox import Claimed, Outbox, Placed
from web.memory import ConversationMemory, MemoryDownError
from web.messengers.conversation import Answer, Incoming, Messengers
from web.messengers.recall import recall
from web.messengers.recent import Parcel, Recent, leased
from web.messengers.telegram_api import Outcome, Taken, TelegramApi, bodies
from web.once import Once

logger = logging.getLogger(__name__)

# An answer later than that would be an unsolicited message, on a phone that somebody else may hold by then.
TOO_OLD_SECONDS = 15 * 60
#: Pauses before the next try; the last one again and again.
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
#: In less time than this no call is begun.
SHORTEST_CALL_SECONDS = 1.0
#: What is urgent waits so long for the note that a part of it was confirmed.
URGENT_NOTE_SECONDS = 0.2
POLL_SECONDS, AWAY_SECONDS = 1.0, 5.0
MOST_AT_ONCE = 20

Note = Callable[[], Awaitable[bool]]


class Delivery:
    """Answers updates of Telegram, and sends what is still in the outbox."""

    def __init__(self, messengers: Messengers, api: TelegramApi, outbox: Outbox, memory: ConversationMemory) -> None:
        self.api = api
        self._messengers = messengers
        self._outbox = outbox
        self._memory = memory
        self._recent = Recent()
        self._under_way: Once[bool] = Once()
        self._resending: set[asyncio.Task[None]] = set()
        #: What the outbox could not be told.
        self._unnoted: dict[str, Callable[[], object]] = {}

    async def take(self, incoming: Incoming) -> bool:
        """Answer a message. False if it is to be handed over again: the answer is neither confirmed nor in the outbox."""
        began = asyncio.get_running_loop().time()
        key = self._messengers.names(incoming).message
        return await self._under_way.do(key, lambda: self._take(key, incoming, began))

    async def _take(self, key: str, incoming: Incoming, began: float) -> bool:
        if self._recent.is_over(key):
            return True
        parcel = self._recent.take(key)
        if parcel is not None:
            parcel.leased = leased()
        else:
            database = True
            try:
                if await recall(self._memory, self._outbox, key) is not None:
                    return True
            except MemoryDownError:
                database = False
            answer = await self._messengers.answer(incoming, began, database)
            if answer is None:
                return True
            parcel = self._packed(incoming, answer)
        return await self._deliver(parcel)

    def _packed(self, incoming: Incoming, answer: Answer) -> Parcel:
        names = self._messengers.names(incoming)
        if answer.deletes:
            self._recent.forget(names.row)
        age = 0.0 if incoming.written is None else min(max(0.0, time.time() - incoming.written), TOO_OLD_SECONDS)
        return Parcel(
            key=names.message,
            row=names.row,
            bodies=bodies(int(incoming.sender), answer),
            claim=secrets.token_hex(8),
            ends=time.monotonic() + TOO_OLD_SECONDS - age,
            urgent=answer.urgent,
        )

    async def _deliver(self, parcel: Parcel) -> bool:
        """Put an answer into the outbox and send it, what is urgent at the same time."""
        noting = putting = asyncio.ensure_future(self._put(parcel))

        async def note() -> bool:
            nonlocal noting
            noting = asyncio.ensure_future(self._note_after(noting, parcel))
            await asyncio.wait({noting}, timeout=URGENT_NOTE_SECONDS if parcel.urgent else None)
            return not noting.done() or noting.result() is not Placed.TAKEN

        if not parcel.urgent and await putting is Placed.TAKEN:
            return True
        outcome = await self._send(parcel, note)
        placed = await noting
        if outcome is None or placed is Placed.TAKEN:
            return True
        if placed is not Placed.KEPT:
            # Nobody else will send it: it is tried for as long as the request may last, which is less than a lease, for the database may have
            # taken it after all.
            outcome = await self._send_again(parcel, outcome)
        if outcome.taken is not Taken.LATER:
            await self._finish(parcel.key)
            return True
        if placed is Placed.KEPT:
            await self._postpone(parcel, outcome)
            return True
        if parcel.part:
            key, claim, part = parcel.key, parcel.claim, parcel.part
            self._unnoted[key] = lambda: self._outbox.advance(key, claim, part)
        self._recent.keep(parcel)
        return False

    async def _put(self, parcel: Parcel) -> Placed | None:
        """What became of an answer; None if the database does not say, and it may be there later."""
        content = {"bodies": parcel.bodies}
        lasts = timedelta(seconds=max(0.0, parcel.ends - time.monotonic()))
        claim, part = parcel.claim, parcel.part
        try:
            return await self._memory.run(lambda: self._outbox.put(parcel.key, parcel.row, content, lasts, claim, part))
        except MemoryDownError:
            return None

    async def _note_after(self, before: asyncio.Future[Placed | None], parcel: Parcel) -> Placed | None:
        part = parcel.part
        placed = await before
        if placed is Placed.KEPT and part < len(parcel.bodies) and not await self._advance(parcel, part):
            return Placed.TAKEN
        return placed

    async def _send(self, parcel: Parcel, note: Note) -> Outcome | None:
        """Send what is left, part after part, while the lease lasts. `note` is called after each that was confirmed; when it says no, somebody
        else has the answer, or it is deleted: then None."""
        while parcel.left:
            seconds = parcel.leased - time.monotonic()
            if seconds < SHORTEST_CALL_SECONDS:
                return Outcome(Taken.LATER)
            outcome = await self.api.send(parcel.bodies[parcel.part], seconds)
            if outcome.taken is not Taken.CONFIRMED:
                return outcome
            parcel.part += 1
            parcel.tries = 0
            if not await note():
                return None
        return Outcome(Taken.CONFIRMED)

    async def _send_again(self, parcel: Parcel, outcome: Outcome) -> Outcome:
        """Try until it is taken, or the time is up."""

        async def note() -> bool:
            return True

        while outcome.taken is Taken.LATER:
            pause = _pause(parcel, outcome)
            if parcel.leased - time.monotonic() - pause < SHORTEST_CALL_SECONDS:
                break
            await asyncio.sleep(pause)
            parcel.tries += 1
            outcome = await self._send(parcel, note) or outcome
        return outcome

    async def run(self) -> None:
        """Send what is in the outbox and due, until cancelled: what could not be sent at once, here or by a gateway that has died."""
        while True:
            pause = POLL_SECONDS
            try:
                await self._tell()
                await self._resend_due()
            except MemoryDownError:
                pause = AWAY_SECONDS
            except Exception as error:  # noqa: BLE001 - it must go on, and the message may quote what a person wrote
                logger.error("%s in the delivery of answers", type(error).__name__)
                pause = AWAY_SECONDS
            self._recent.drop_old()
            await asyncio.sleep(pause)

    async def _resend_due(self) -> None:
        room = MOST_AT_ONCE - len(self._resending)
        if room > 0:
            for claimed in await self._memory.run(lambda: self._outbox.claim(room)):
                task = asyncio.ensure_future(self._resend(claimed))
                self._resending.add(task)
                task.add_done_callback(self._resent)

    def _resent(self, task: asyncio.Task[None]) -> None:
        self._resending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s while an answer was sent", type(error).__name__)

    async def _resend(self, claimed: Claimed) -> None:
        parcel = Parcel(claimed.key, "", claimed.content["bodies"], claimed.claim, float("inf"), claimed.part, claimed.tries)

        async def note() -> bool:
            return not parcel.left or await self._advance(parcel, parcel.part)

        outcome = await self._send(parcel, note)
        if outcome is None:
            return
        if outcome.taken is Taken.LATER:
            await self._postpone(parcel, outcome)
        else:
            await self._finish(parcel.key)

    async def _advance(self, parcel: Parcel, part: int) -> bool:
        """Note what is confirmed; False if somebody else has the answer now, or its conversation was deleted."""
        key, claim, until = parcel.key, parcel.claim, leased()

        def work() -> bool:
            return self._outbox.advance(key, claim, part)

        try:
            ours = await self._memory.run(work)
        except MemoryDownError:
            self._unnoted[key] = work
            return True
        self._unnoted.pop(key, None)
        parcel.leased = until
        return ours

    async def _postpone(self, parcel: Parcel, outcome: Outcome) -> None:
        pause = _pause(parcel, outcome)
        try:
            if not await self._memory.run(lambda: self._outbox.postpone(parcel.key, parcel.claim, pause)):
                logger.warning("an answer was given up: Telegram did not take it in time")
        except MemoryDownError:
            # The claim ends by itself.
            return

    async def _finish(self, key: str) -> None:
        self._recent.finish(key)

        def work() -> None:
            self._outbox.finish(key)

        try:
            await self._memory.run(work)
            self._unnoted.pop(key, None)
        except MemoryDownError:
            self._unnoted[key] = work

    async def _tell(self) -> None:
        """Tell the outbox what it could not be told before, before anything is claimed."""
        for key, work in list(self._unnoted.items()):
            await self._memory.run(work)
            if self._unnoted.get(key) is work:
                del self._unnoted[key]

    async def close(self) -> None:
        """Close every connection."""
        await self.api.close()


def _pause(parcel: Parcel, outcome: Outcome) -> float:
    """Seconds before the next try."""
    return max(outcome.pause, PAUSES[min(parcel.tries, len(PAUSES) - 1)])
