"""The conversation service: every client (API, page, messengers) talks through it.

The order is a safety decision. The look for danger comes first, takes no lock, and needs neither the dialogue
nor the database. Only then the turn, one at a time in each conversation.

Who writes, how much and how often decides only whether Rasa is asked. Every text is looked at, by its letters where nobody else looks,
and every refusal begins with the number to call.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from danger.letters import Look
from store.sealing import Sealer
from store.settings import Settings
from web.admission import LONG, Admission, NotAdmittedError
from web.alarm import Alarm, in_danger
from web.buttons import find_button
from web.cleaning import MAX_TEXT, clean_text
from web.danger import Contacts
from web.ears import Ears
from web.errors import Fault, RequestFault
from web.i18n import Words, available_languages
from web.limits import RateLimiter
from web.memory import ConversationMemory, MemoryDownError
from web.once import WAIT_SECONDS, Once, StillWorkingError
from web.preferences import Learned, learn_from_parse
from web.rasa_client import PARSE_SECONDS, Parse, RasaUnavailableError, doubted
from web.rasa_servers import RasaServers
from web.state import ID_BYTES, ConversationState, Held, Message, View
from web.turns import TRY_AGAIN, Reply, Said, Turns

#: A person in danger has her answer by then, whatever hangs.
DANGER_SECONDS = 1.8
#: Of that, what keeping the answer may take.
KEEP_SECONDS = 0.4
CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{32}")
# The dialogue's first words, for a person who has chosen a language and not written yet.
OPENING = Said(payload="/greet")


@dataclass
class _Progress:
    """What is known of an answer while it is worked on: when its message came, by the event loop's clock; the line of numbers that stands
    above it; whether it is fetched later."""

    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    hints: list[Message] = field(default_factory=list)
    fetched_later: bool = False


class ConversationService:
    """Creates, continues and deletes conversations."""

    def __init__(
        self,
        settings: Settings,
        sealer: Sealer,
        memory: ConversationMemory,
        rasa: RasaServers,
        contacts: Contacts,
        turns: Turns,
        ears: Ears,
    ) -> None:
        self._ears = ears
        self._admission = Admission(settings.messages_per_minute)
        self._settings = settings
        self._languages = available_languages(settings.locales_dir)
        self._sealer = sealer
        self._memory = memory
        self._rasa = rasa
        self._alarm = Alarm(contacts, settings.locales_dir)
        self._turns = turns
        self._limiter = RateLimiter(settings.messages_per_minute)
        self._under_way: Once[Reply] = Once()

    async def create(self, language: str, country: str | None = None, keeps_transcript: bool = False) -> str:
        """Start a conversation and return its opaque id. Raises RequestFault if the database is down."""
        conversation = secrets.token_urlsafe(ID_BYTES)
        state = ConversationState(language=language, country=country, keeps_transcript=keeps_transcript, on_page=keeps_transcript)
        try:
            await self._memory.create(conversation, state)
        except MemoryDownError:
            raise RequestFault(Fault.BROKEN, language) from None
        return conversation

    async def ensure(self, conversation: str, language: str, keeps_transcript: bool = False) -> tuple[ConversationState, bool]:
        """The state of the conversation with an id of a messenger's sender, and whether it is new.

        Such an id comes back after a conversation was deleted or has expired; what is left of that one goes first. Raises MemoryDownError.
        """
        try:
            state = await self._memory.load(conversation)
            if state is not None:
                return state, False
            state = ConversationState(language=language, keeps_transcript=keeps_transcript)
            return state, await self._memory.ensure(conversation, state)
        except MemoryDownError:
            self.assume(conversation, language)
            raise

    def assume(self, conversation: str, language: str) -> None:
        """Take a messenger's sender as known while the database is away: danger does not wait for it."""
        self._memory.assume(conversation, ConversationState(language=language))

    async def state(self, conversation: str) -> ConversationState | None:
        """What is known of a conversation; None if unknown or expired. Raises MemoryDownError."""
        if not CONVERSATION_ID.fullmatch(conversation):
            return None
        return await self._memory.load(conversation)

    async def set_language(self, conversation: str, language: str) -> bool:
        """Change the language alone; False if the conversation is gone. Raises MemoryDownError."""
        return await self._memory.update(conversation, Learned(language=language).apply) is not None

    async def open(self, conversation: str, language: str, message: str | None = None) -> Reply:
        """Let the dialogue say the first words. `message` as in `press`."""
        return await self._turns.take(conversation, replace(OPENING, id=message), None, [], ConversationState(language=language))

    async def set_view(self, conversation: str, view: View) -> bool:
        """Keep how the page is shown; False if the conversation is gone. Raises MemoryDownError."""

        def change(state: ConversationState) -> None:
            state.view = view

        return await self._memory.update(conversation, change) is not None

    async def ask(self, conversation: str, intent: str, title: str, language: str, message: str | None = None) -> Reply:
        """Answer a topic of ours that was touched, shown as `title`. `language` and `message` as in `press`. Raises RequestFault."""
        return await self._choose(conversation, Said(payload=f"/{intent}", title=title, id=message), language, waits=False)

    async def press(self, conversation: str, button: str, language: str, message: str | None = None, waits: bool = False) -> Reply:
        """Answer a pressed button. `language` is the client's, for when ours is unknown.

        `message`: the client's own id of the message: the same one again gets the same answer and changes nothing. `waits`: the client asks
        again with the same id when it is told to wait. Raises RequestFault.
        """
        return await self._choose(conversation, Said(button=button, id=message), language, waits)

    async def _choose(self, conversation: str, said: Said, language: str, waits: bool) -> Reply:
        return await self._once(conversation, said, language, waits, lambda _progress: self._choose_now(conversation, said, language))

    async def _choose_now(self, conversation: str, said: Said, language: str) -> Reply:
        recalled = await self._recall(conversation)
        place = self._memory.place(conversation) or ConversationState(language=language)
        state = recalled if isinstance(recalled, ConversationState) else place
        if not self._limiter.allow(self._sealer.row_key(conversation)):
            raise RequestFault(Fault.TOO_MANY, state.language, state.country)
        if isinstance(recalled, MemoryDownError):
            return self._turns.unavailable([], state)
        if recalled is None:
            raise RequestFault(Fault.UNKNOWN_CONVERSATION, language)
        pressed = find_button(recalled, said.button) if said.button is not None else None
        held = recalled.held if pressed is not None and pressed.payload == TRY_AGAIN else None
        written = held is not None and held.button is None and held.payload is None and not held.calm
        if held is not None and written and recalled.answer_to(said.id, said.button) is None:
            # What could not be answered is said again, with the look for danger and all (but where she has said that there is none).
            return await self._say_now(conversation, Said(text=held.text, button=said.button, id=said.id), language, None, None, _Progress())
        return await self._turns.take(conversation, said, None, [], recalled)

    async def say(
        self,
        conversation: str,
        raw_text: str,
        language: str,
        address: str | None = None,
        wanted: Callable[[], Awaitable[bool]] | None = None,
        message: str | None = None,
        waits: bool = False,
        began: float | None = None,
    ) -> Reply:
        """Answer a text, danger first; even for an unknown conversation. `language`, `message` and `waits` as in `press`.

        `address`: where the request came from, if that is to be counted; `wanted`: whether somebody still waits for the answer; `began`: when
        the message came, by the event loop's clock, if that is a while ago.

        Raises RequestFault if nobody is in danger and the text cannot be answered.
        """
        said = Said(text=raw_text, id=message)

        def work(progress: _Progress) -> Awaitable[Reply]:
            async def still_wanted() -> bool:
                # Who was told to wait has gone, and comes back.
                return progress.fetched_later or wanted is None or await wanted()

            return self._say_now(conversation, said, language, address, still_wanted, progress)

        return await self._once(conversation, said, language, waits, work, began)

    async def _once(
        self,
        conversation: str,
        said: Said,
        language: str,
        waits: bool,
        work: Callable[[_Progress], Awaitable[Reply]],
        began: float | None = None,
    ) -> Reply:
        """The same message twice is answered once; an answer that takes long is fetched later, if the client can."""
        row, progress = self._sealer.row_key(conversation), _Progress() if began is None else _Progress(began)
        name = said.id or sha256((said.button or said.payload or said.text or "").encode("utf-8", "replace")).hexdigest()
        try:
            return await self._under_way.do(f"{row} {name}", lambda: work(progress), WAIT_SECONDS if waits else None, progress)
        except StillWorkingError as still:
            # That of the message that is worked on, which may have come before this one.
            assert isinstance(still.progress, _Progress)
            progress = still.progress
            progress.fetched_later = True
            place = self._memory.place(conversation) or ConversationState(language=language)
            _ = Words(self._settings.locales_dir, place.language)
            one_moment = Message(text=_("One moment. I am still working on the answer."), kind="wait")
            return Reply([*progress.hints, one_moment], place.language, kept=False)

    async def _say_now(
        self,
        conversation: str,
        said: Said,
        language: str,
        address: str | None,
        wanted: Callable[[], Awaitable[bool]] | None,
        progress: _Progress,
    ) -> Reply:
        raw_text = said.text or ""
        began = progress.began
        look = self._ears.look(raw_text)
        place = self._memory.place(conversation)
        # Nothing below may cost much for somebody whom nobody knows.
        sender = None if address is None else self._sealer.row_key(address)
        if place is None and sender is not None and not self._admission.allows_stranger(sender):
            await self._admission.delay()
            return self._alarm.turned_away(Fault.TOO_MANY, look, ConversationState(language=language))
        text = clean_text(raw_text)
        allowed = self._limiter.allow(self._sealer.row_key(conversation)) and (sender is None or self._admission.allows(sender))
        if not allowed:
            await self._admission.delay()
        refused = Fault.TOO_MANY if not allowed else Fault.TOO_LONG if len(text) > MAX_TEXT else None
        asks = refused is None and bool(text)
        recalling = asyncio.ensure_future(self._recall(conversation))
        if place is not None:
            parse = await self._understand(text, look, place, began, wanted) if asks else None
            if in_danger(parse, look) and not recalling.done():
                # Who is in danger does not wait for the database.
                return self._alarm.because(refused, await self._emergency(conversation, said, text, parse, look, place, True, began))
        recalled = await recalling
        state = recalled if isinstance(recalled, ConversationState) else place or ConversationState(language=language)
        if recalled is None:
            # It is not one of the messages of a conversation, and a messenger that was only slow begins one with it.
            if allowed:
                self._limiter.take_back(self._sealer.row_key(conversation))
            return self._alarm.turned_away(Fault.UNKNOWN_CONVERSATION, look, state)
        if place is None:
            # Only now: a stranger never stands before somebody else at Rasa.
            parse = await self._understand(text, look, state, began, wanted) if asks else None
        if in_danger(parse, look):
            return self._alarm.because(refused, await self._emergency(conversation, said, text, parse, look, state, recalled is state, began))
        if refused is not None:
            raise RequestFault(refused, state.language, state.country)
        if not text:
            return self._ask_to_write(state.language)
        hints = progress.hints = self._alarm.hints(parse, look, state)
        if isinstance(recalled, MemoryDownError):
            return self._turns.unavailable(hints, state)
        if parse is not None:
            return await self._turns.take(conversation, replace(said, text=text), parse, hints, state)
        if len(text) > LONG:
            # The database is not given long texts to keep while everything is busy; the page still has them.
            return self._turns.unavailable(hints, state)
        # Rasa did not read it, so it would not answer either; the words are kept for another try.
        return await self._turns.unanswered(conversation, replace(said, text=text), hints, state)

    async def _emergency(
        self,
        conversation: str,
        said: Said,
        text: str,
        parse: Parse | None,
        look: Look,
        state: ConversationState,
        known: bool,
        began: float,
    ) -> Reply:
        """The numbers. They do not wait for the database, which may be slow in keeping what was said."""
        # Nothing goes to Rasa: a question that is open there simply stays open.
        learned = learn_from_parse(parse, text, state, self._languages) if parse is not None else Learned()
        learned.apply(state)
        messages, shown = self._alarm.numbers(parse, look, state), None
        if known:
            held = Held(text=text[:MAX_TEXT], parse=parse.raw if parse is not None else {}, turn=0)
            keeping = asyncio.ensure_future(self._turns.keep(conversation, text, learned, messages, held, said.id))
            left = max(KEEP_SECONDS, DANGER_SECONDS - (asyncio.get_running_loop().time() - began))
            with contextlib.suppress(TimeoutError):
                shown = await asyncio.wait_for(asyncio.shield(keeping), left)
        return Reply(shown or messages, state.language, shown is not None)

    async def delete(self, conversation: str) -> bool:
        """Forget a conversation at once, with all that the dialogue knows of it. False if the database could not be reached: nobody reads the
        conversation from now on, and it is deleted as soon as the database is back. Raises MemoryDownError if not even that can be noted.
        """
        if not CONVERSATION_ID.fullmatch(conversation):
            return True
        self._limiter.forget(self._sealer.row_key(conversation))
        try:
            await self._memory.delete(conversation)
        except MemoryDownError:
            await self._memory.delete_later(conversation)
            return False
        return True

    async def _understand(
        self, text: str, look: Look, state: ConversationState, began: float, wanted: Callable[[], Awaitable[bool]] | None
    ) -> Parse | None:
        """What Rasa understands of a text; None if it does not answer, or is too busy to be asked, in good time."""
        loop = asyncio.get_running_loop()
        until = min(loop.time() + PARSE_SECONDS, began + DANGER_SECONDS - KEEP_SECONDS)
        try:
            async with self._admission.place(text, look.sure, until - loop.time(), wanted):
                parse = await self._rasa.parse(text, until - loop.time())
        except (RasaUnavailableError, NotAdmittedError):
            return None
        # An open question is a strong prior: only clear danger outweighs it.
        return parse if state.open_fact is None else doubted(parse)

    async def _recall(self, conversation: str) -> ConversationState | MemoryDownError | None:
        try:
            return await self.state(conversation)
        except MemoryDownError as error:
            return error

    def _ask_to_write(self, language: str) -> Reply:
        _ = Words(self._settings.locales_dir, language)
        message = Message(text=_("Write what you need. Any language is fine."))
        return Reply([message], language, kept=False)
