"""The conversation service: every client (API, page, messengers) talks through it.

The order is a safety decision. The look for danger comes first, takes no lock, and needs neither the dialogue
nor the database. Only then the turn, one at a time in each conversation.
"""

from __future__ import annotations

import asyncio
import re
import secrets

from store.sealing import Sealer
from store.settings import Settings
from web.cleaning import MAX_TEXT, clean_text, ends_of
from web.danger import Contacts
from web.errors import Fault, RequestFault
from web.i18n import Words, available_languages
from web.limits import RateLimiter
from web.memory import ConversationMemory, MemoryDownError
from web.preferences import Learned, learn_from_parse
from web.rasa_client import Parse, RasaClient, RasaUnavailableError, doubted
from web.state import ConversationState, Message, View
from web.turns import Reply, Said, Turns
from web.wipes import WipeQueue

ID_BYTES = 24
CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{32}")
# The dialogue's first words, for a person who has chosen a language and not written yet.
OPENING = Said(payload="/greet")


class ConversationService:
    """Creates, continues and deletes conversations."""

    def __init__(
        self,
        settings: Settings,
        sealer: Sealer,
        memory: ConversationMemory,
        rasa: RasaClient,
        contacts: Contacts,
        turns: Turns,
        wipes: WipeQueue,
    ) -> None:
        self._settings = settings
        self._languages = available_languages(settings.locales_dir)
        self._sealer = sealer
        self._memory = memory
        self._rasa = rasa
        self._contacts = contacts
        self._turns = turns
        self._wipes = wipes
        self._limiter = RateLimiter(settings.messages_per_minute)

    async def create(self, language: str, country: str | None = None, keeps_transcript: bool = False) -> str:
        """Start a conversation and return its opaque id. Raises RequestFault if the database is down."""
        conversation = secrets.token_urlsafe(ID_BYTES)
        state = ConversationState(language=language, country=country, keeps_transcript=keeps_transcript)
        try:
            await self._memory.create(conversation, state)
        except MemoryDownError:
            raise RequestFault(Fault.BROKEN, language) from None
        return conversation

    async def ensure(
        self, conversation: str, language: str, keeps_transcript: bool = False
    ) -> tuple[ConversationState, bool]:
        """The state of the conversation with an id of a messenger's sender, and whether it is new.

        Such an id comes back after a conversation was deleted or has expired; what Rasa still holds of that one
        goes first. Raises MemoryDownError.
        """
        state = await self._memory.load(conversation)
        if state is not None:
            return state, False
        state = ConversationState(language=language, keeps_transcript=keeps_transcript)
        is_new = await self._memory.ensure(conversation, state)
        if is_new and not await self._wipes.wipe_now(conversation):
            self._wipes.add(conversation)
        return state, is_new

    async def state(self, conversation: str) -> ConversationState | None:
        """Return what is known of a conversation; None if unknown or expired. Raises MemoryDownError."""
        if not CONVERSATION_ID.fullmatch(conversation):
            return None
        return await self._memory.load(conversation)

    async def set_language(self, conversation: str, language: str) -> bool:
        """Change the language alone; False if the conversation is gone. Raises MemoryDownError."""
        return await self._memory.update(conversation, Learned(language=language).apply) is not None

    async def open(self, conversation: str, language: str) -> Reply:
        """Let the dialogue say the first words."""
        return await self._turns.take(conversation, OPENING, None, [], ConversationState(language=language))

    async def set_view(self, conversation: str, view: View) -> bool:
        """Keep how the page is shown; False if the conversation is gone. Raises MemoryDownError."""

        def change(state: ConversationState) -> None:
            state.view = view

        return await self._memory.update(conversation, change) is not None

    async def ask(self, conversation: str, intent: str, title: str, language: str) -> Reply:
        """Answer a topic of ours that was touched, shown as `title`. `language` as in `press`. Raises RequestFault."""
        return await self._choose(conversation, Said(payload=f"/{intent}", title=title), language)

    async def press(self, conversation: str, button: str, language: str) -> Reply:
        """Answer a pressed button. `language` is the client's, for when ours is unknown. Raises RequestFault."""
        return await self._choose(conversation, Said(button=button), language)

    async def _choose(self, conversation: str, said: Said, language: str) -> Reply:
        if not self._limiter.allow(self._sealer.row_key(conversation)):
            raise RequestFault(Fault.TOO_MANY, language)
        recalled = await self._recall(conversation)
        if isinstance(recalled, MemoryDownError):
            return self._turns.unavailable([], ConversationState(language=language))
        if recalled is None:
            raise RequestFault(Fault.UNKNOWN_CONVERSATION, language)
        return await self._turns.take(conversation, said, None, [], recalled)

    async def say(self, conversation: str, raw_text: str, language: str) -> Reply:
        """Answer a text, danger first; even for an unknown conversation. `language` as in `press`.

        Raises RequestFault if nobody is in danger and the text cannot be answered.
        """
        text = clean_text(raw_text)
        allowed = self._limiter.allow(self._sealer.row_key(conversation))
        parse, recalled = await asyncio.gather(self._understand(text), self._recall(conversation))
        state = recalled if isinstance(recalled, ConversationState) else ConversationState(language=language)
        if parse is not None and state.open_fact is not None:
            # An open question is a strong prior: only clear danger outweighs it.
            parse = doubted(parse)
        if parse is not None and parse.danger_level == "sure":
            learned, messages = self._emergency(parse, text, state)
            kept = recalled is state and await self._turns.keep(conversation, text, learned, messages, parse)
            return Reply(messages, state.language, kept)
        if isinstance(recalled, MemoryDownError):
            return self._turns.unavailable(self._hints(parse, state), state)
        if recalled is None:
            raise RequestFault(Fault.UNKNOWN_CONVERSATION, language)
        if not allowed:
            raise RequestFault(Fault.TOO_MANY, state.language)
        if len(text) > MAX_TEXT:
            raise RequestFault(Fault.TOO_LONG, state.language)
        if not text:
            return self._ask_to_write(state.language)
        hints = self._hints(parse, state)
        return await self._turns.take(conversation, Said(text=text), parse, hints, state)

    async def delete(self, conversation: str) -> bool:
        """Forget a conversation at once. False if Rasa has not yet (it will be asked again, until it expires there).

        Raises MemoryDownError if our own part could not be deleted.
        """
        if not CONVERSATION_ID.fullmatch(conversation):
            return True
        self._limiter.forget(self._sealer.row_key(conversation))
        # In the queue before anything can fail: nothing below may leave Rasa remembering.
        self._wipes.add(conversation)
        await self._memory.delete(conversation)
        return await self._wipes.wipe_now(conversation)

    async def _understand(self, text: str) -> Parse | None:
        if not text:
            return None
        try:
            return await self._rasa.parse(text if len(text) <= MAX_TEXT else ends_of(text))
        except RasaUnavailableError:
            return None

    async def _recall(self, conversation: str) -> ConversationState | MemoryDownError | None:
        try:
            return await self.state(conversation)
        except MemoryDownError as error:
            return error

    def _emergency(self, parse: Parse, text: str, state: ConversationState) -> tuple[Learned, list[Message]]:
        # Nothing goes to Rasa: a question that is open there simply stays open.
        learned = learn_from_parse(parse, text, state, self._languages)
        learned.apply(state)
        numbers = self._contacts.emergency(state.language, state.country, parse.danger_kind)
        return learned, [Message(text=message, kind="emergency") for message in numbers]

    def _hints(self, parse: Parse | None, state: ConversationState) -> list[Message]:
        """One line with numbers above the answer: perhaps danger, or nobody could look whether there is."""
        if parse is not None and parse.danger_level == "none":
            return []
        kind = parse.danger_kind if parse is not None else None
        return [Message(text=self._contacts.hint(state.language, state.country, kind), kind="emergency_hint")]

    def _ask_to_write(self, language: str) -> Reply:
        _ = Words(self._settings.locales_dir, language)
        message = Message(text=_("Write what you need. Any language is fine."))
        return Reply([message], language, kept=False)
