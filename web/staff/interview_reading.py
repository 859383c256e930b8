"""What an interview says of the case: read piece by piece as the chat reads, proposed fact by fact, taken only where a worker ticks it.

Each piece is told to the dialogue in a conversation of its own, which is deleted with the answer. Nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass

from calculator.errors import CaseError
from web.conversations import ConversationService
from web.errors import RequestFault
from web.memory import MemoryDownError
from workbench.sheet import EMPTY, Sheet, sheet_of

#: Letters of an interview, and of one piece of it; pieces that are read at the same time.
LONGEST, PIECE, AT_ONCE = 20_000, 500, 3
_ENDS = re.compile(r"(?<=[.!?。！？؟…])\s*|\n+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an interview with what was read in it. `answered`: False where the dialogue could not be asked."""

    text: str
    sheet: Sheet
    answered: bool = True


def sentences(text: str) -> list[str]:
    """The sentences of a text, in their order."""
    return [one.strip() for one in _ENDS.split(text) if one.strip()]


def pieces(text: str) -> list[str]:
    """Sentences of one paragraph together, as long as they are not too long."""
    found: list[str] = []
    for paragraph in text.splitlines():
        piece = ""
        for one in sentences(paragraph):
            if piece and len(piece) + len(one) > PIECE:
                found.append(piece)
                piece = ""
            piece = f"{piece} {one}".strip()
        found += [piece] if piece else []
    return found


async def heard(text: str, language: str, conversations: ConversationService) -> list[Piece]:
    """What is read in an interview. What tells of danger is answered with numbers and not read: its sentences are then read one by one."""
    places = asyncio.Semaphore(AT_ONCE)

    async def read(piece: str) -> list[Piece]:
        whole = await _heard(piece, language, conversations, places)
        alone = sentences(piece)
        if whole.sheet.texts or not whole.answered or len(alone) < 2:
            return [whole]
        each = await asyncio.gather(*(_heard(one, language, conversations, places) for one in alone))
        return list(each) if any(one.sheet.texts for one in each) else [whole]

    return [piece for found in await asyncio.gather(*map(read, pieces(text))) for piece in found]


async def _heard(text: str, language: str, conversations: ConversationService, places: asyncio.Semaphore) -> Piece:
    async with places:
        try:
            conversation = await conversations.create(language)
        except RequestFault:
            return Piece(text, EMPTY, False)
        try:
            reply = await conversations.say(conversation, text, language)
            state = await conversations.state(conversation)
            answered = state is not None and not any(message.kind == "unavailable" for message in reply.messages)
            return Piece(text, sheet_of({"version": 1, **state.case.case}) if state is not None and answered else EMPTY, answered)
        except (RequestFault, MemoryDownError):
            return Piece(text, EMPTY, False)
        except CaseError:
            return Piece(text, EMPTY)
        finally:
            with contextlib.suppress(MemoryDownError):
                await conversations.delete(conversation)
