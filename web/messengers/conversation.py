"""One conversation for each sender of a messenger, on the same service as the page: danger first, never silence.

The sender's number is never kept: the conversation's id is made from it with the key of the installation, and what the
conversation holds is encrypted and goes after the same idle time as any other.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from dataclasses import dataclass, field, replace

from store.sealing import Sealer
from store.settings import Settings
from web.conversations import ConversationService
from web.danger import Contacts
from web.errors import Fault, RequestFault, describe, refusal
from web.i18n import SOURCE_LANGUAGE, Words, available_languages, match_language
from web.limits import RateLimiter
from web.memory import MemoryDownError
from web.messengers.options import chosen
from web.messengers.shorten import URGENT, shorten
from web.messengers.words import (
    Channel,
    asks_for_more,
    asks_to_delete,
    deleted,
    language_named,
    not_deleted,
    only_text,
    other_languages,
    warning,
)
from web.state import ConversationState, Message
from web.turns import Reply

logger = logging.getLogger(__name__)

# Twilio waits 15 seconds for an answer.
ANSWER_SECONDS = 13.0


@dataclass(frozen=True)
class Incoming:
    """One message as a provider hands it over. `id` is the provider's: a replay has the same."""

    channel: Channel
    sender: str = field(repr=False)
    id: str = field(repr=False)
    text: str = field(default="", repr=False)
    #: The id of a choice that was pressed.
    button: str | None = field(default=None, repr=False)
    #: The person opens the chat and has written nothing yet.
    opens: bool = False
    #: The provider itself read a word that stops.
    stops: bool = False
    #: Something that we do not read came with it.
    has_media: bool = False
    #: Language of the phone, if the provider says.
    language: str | None = None
    #: When it was written, in seconds since 1970, if the provider says.
    written: float | None = None


@dataclass(frozen=True)
class Answer:
    """Messages for the person, in order."""

    messages: list[Message]
    language: str
    #: It says that the conversation is deleted.
    deletes: bool = False

    @property
    def urgent(self) -> bool:
        """Whether it must wait for nothing."""
        return any(message.kind in URGENT for message in self.messages)


@dataclass(frozen=True)
class Names:
    """Names by which a message and its sender are known here; nobody comes from them to either."""

    conversation: str = field(repr=False)
    #: Row key of the conversation.
    row: str
    #: Of the message, 64 letters.
    message: str


class Messengers:
    """Answers what comes in by messengers."""

    def __init__(self, settings: Settings, sealer: Sealer, conversations: ConversationService, contacts: Contacts) -> None:
        self._settings = settings
        self._sealer = sealer
        self._conversations = conversations
        self._contacts = contacts
        self._languages = available_languages(settings.locales_dir)
        self._language = match_language(settings.default_language, self._languages) or SOURCE_LANGUAGE
        # What the conversation service does not count: openings, pictures, the rest of an answer.
        self._limiter = RateLimiter(settings.messages_per_minute)
        self._told_to_wait = RateLimiter(1)

    def names(self, incoming: Incoming) -> Names:
        """The names of a message. They are the same when the provider hands it over again."""
        conversation = self._sealer.sender_id(incoming.channel, incoming.sender)
        return Names(conversation, self._sealer.row_key(conversation), self._sealer.row_key(f"{conversation} {incoming.id}"))

    async def answer(self, incoming: Incoming, began: float | None = None, database: bool = True) -> Answer | None:
        """What to send back; None if that is nothing, for somebody who was just told to wait. The same message gets the same answer again,
        as long as it is one of the latest of its conversation.

        `began`: when the message came, by the event loop's clock, if that is a while ago; `database`: False when it was just found away.
        """
        names = self.names(incoming)
        began = asyncio.get_running_loop().time() if began is None else began
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._answer(names, incoming, began, database)
        except TimeoutError:
            pass
        except Exception as error:  # noqa: BLE001 - silence would be worse, and the message may quote what a person wrote
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("%s in %s, line %s", type(error).__name__, place.name, place.lineno)
        language = self._language_of(incoming)
        return Answer([Message(text=self._contacts.unavailable(language, None), kind="unavailable")], language)

    async def _answer(self, names: Names, incoming: Incoming, began: float, database: bool) -> Answer | None:
        state, is_new = await self._ensure(names, incoming, database)
        if incoming.stops or asks_to_delete(incoming.text, incoming.channel, self._words(state.language)):
            return Answer([Message(text=await self._delete(names.conversation, state.language))], state.language, deletes=True)
        named = language_named(incoming.text, self._languages)
        # Handed over again, the message has changed the language already.
        changes = named is not None and (named != state.language or state.answer_to(names.message, None) is not None)
        try:
            if named is not None and changes:
                reply = await self._change_language(names, named)
            else:
                reply = await self._reply(names, incoming, state, began)
            messages, language = reply.messages, reply.language
        except RequestFault as fault:
            if fault.fault is Fault.UNKNOWN_CONVERSATION and not database:
                # The database was only slow, and the conversation is to be begun.
                return await self._answer(names, incoming, began, True)
            language = fault.language or state.language
            messages = self._fault(names.conversation, fault.fault, language, fault.country or state.country)
        if messages and (is_new or changes):
            # Who could not read the warning in the first language has it again in her own.
            messages = self._first_time(messages, incoming, language, offers=named is None)
        return Answer(messages, language) if messages else None

    async def _ensure(self, names: Names, incoming: Incoming, database: bool) -> tuple[ConversationState, bool]:
        """The state of the conversation, and whether nothing was said in it before this message."""
        conversation, language = names.conversation, self._language_of(incoming)
        if not database:
            self._conversations.assume(conversation, language)
            return ConversationState(language=language), False
        try:
            # The answer that an SMS cuts is kept for "MORE", encrypted like the rest; elsewhere nothing is cut.
            state, _made = await self._conversations.ensure(conversation, language, incoming.channel is Channel.SMS)
        except MemoryDownError:
            # Danger is answered all the same.
            return ConversationState(language=language), False
        # Whoever made the conversation may have died before the answer came: it is new until there is one to another message.
        return state, state.turn == 0 or (state.turn == 1 and state.answer_to(names.message, None) is not None)

    async def _reply(self, names: Names, incoming: Incoming, state: ConversationState, began: float) -> Reply:
        conversation, message = names.conversation, names.message
        if incoming.button is not None:
            return await self._conversations.press(conversation, incoming.button, state.language, message)
        if incoming.opens:
            self._count(conversation, state.language)
            return await self._conversations.open(conversation, state.language, message)
        if incoming.has_media and not incoming.text.strip():
            self._count(conversation, state.language)
            return self._unread(state)
        if rest := self._rest(incoming, state):
            self._count(conversation, state.language)
            return Reply([Message(text=rest, kind="rest")], state.language, kept=False)
        option = chosen(incoming.text, state)
        if option is not None:
            return await self._conversations.press(conversation, option.id, state.language, message)
        reply = await self._conversations.say(conversation, incoming.text, state.language, message=message, began=began)
        if incoming.has_media:
            return replace(reply, messages=[*reply.messages, Message(text=only_text(self._words(reply.language)))])
        return reply

    async def _change_language(self, names: Names, language: str) -> Reply:
        self._count(names.conversation, language)
        try:
            await self._conversations.set_language(names.conversation, language)
        except MemoryDownError:
            raise RequestFault(Fault.BROKEN, language) from None
        return await self._conversations.open(names.conversation, language, names.message)

    def _unread(self, state: ConversationState) -> Reply:
        # Nobody could look whether there is danger in it, so the numbers come first.
        hint = self._contacts.hint(state.language, state.country, None)
        text = only_text(self._words(state.language))
        return Reply([Message(text=hint, kind="emergency_hint"), Message(text=text)], state.language, kept=False)

    def _rest(self, incoming: Incoming, state: ConversationState) -> str:
        """The part of the newest answer that was cut, if the person asks for it."""
        words = self._words(state.language)
        if incoming.channel is not Channel.SMS or not state.transcript or not asks_for_more(incoming.text, words):
            return ""
        newest = state.transcript[-1].turn
        said = [entry.message for entry in state.transcript if entry.turn == newest and entry.who == "helper"]
        return shorten(said, state.language, words).rest

    def _first_time(self, messages: list[Message], incoming: Incoming, language: str, offers: bool) -> list[Message]:
        """The warning, once: below the numbers for somebody in danger, above everything else."""
        words = self._words(language)
        urgent = [message for message in messages if message.kind in URGENT]
        others = [message for message in messages if message.kind not in URGENT]
        warned = Message(text=warning(incoming.channel, self._settings.public_url, words), kind="warning")
        unsure = match_language(incoming.language, self._languages) is None and len(self._languages) > 1
        offer = [Message(text=other_languages(self._languages, words), kind="languages")] if offers and unsure else []
        return [*urgent, warned, *others, *offer]

    async def _delete(self, conversation: str, language: str) -> str:
        words = self._words(language)
        try:
            gone = await self._conversations.delete(conversation)
        except MemoryDownError:
            return "\n".join(describe(Fault.BROKEN, words))
        if gone:
            return "\n".join([deleted(words), not_deleted(words)])
        minutes = self._settings.idle_minutes
        here = words.ngettext(
            "Your words are deleted here. A copy in another part may stay up to {n} minute.",
            "Your words are deleted here. A copy in another part may stay up to {n} minutes.",
            minutes,
        )
        return "\n".join([here, not_deleted(words)])

    def _fault(self, conversation: str, fault: Fault, language: str, country: str | None) -> list[Message]:
        if fault is Fault.TOO_MANY and not self._told_to_wait.allow(conversation):
            return []
        return [refusal(fault, self._words(language), self._contacts.hint(language, country, None))]

    def _count(self, conversation: str, language: str) -> None:
        if not self._limiter.allow(conversation):
            raise RequestFault(Fault.TOO_MANY, language)

    def _language_of(self, incoming: Incoming) -> str:
        return match_language(incoming.language, self._languages) or self._language

    def _words(self, language: str) -> Words:
        return Words(self._settings.locales_dir, language)
