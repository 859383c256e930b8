"""One turn of the dialogue: in line behind the one before, with a deadline, and never ending in silence."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from envelope import Metadata, calmed
from store.sealing import Sealer
from store.settings import Settings
from web.buttons import button_of_title, find_button, to_messages, with_button
from web.danger import Contacts
from web.errors import Fault, RequestFault
from web.i18n import Words, available_languages
from web.locks import ConversationLocks, LockTimeoutError
from web.memory import ConversationMemory, MemoryDownError
from web.preferences import Learned, learn_from_parse, learn_from_response
from web.rasa_client import Parse, RasaMessage, RasaUnavailableError, parse_of
from web.rasa_servers import RasaServers
from web.state import Answered, CaseSoFar, ConversationState, Held, Message, Result, StoredButton, UnderstoodFact

logger = logging.getLogger(__name__)

#: The button below an emergency message by which a false alarm is left.
NO_DANGER = '/choose{"fact": "danger", "value": "safe"}'
#: The button below "I cannot answer right now": what was written is taken up again.
TRY_AGAIN = '/choose{"fact": "held", "value": "again"}'


@dataclass(frozen=True)
class Said:
    """What the person did: wrote `text`, or pressed the button with this id, or chose `payload` of ours, shown as `title`.

    Both `text` and `button`: "try again" was pressed, and the text is what is tried.
    """

    text: str | None = None
    button: str | None = None
    payload: str | None = None
    title: str | None = None
    #: The client's own id of the message: the same one again gets the same answer.
    id: str | None = None
    #: She has said that it was no danger: nobody may hear danger in it again, whoever reads it.
    calm: bool = False


@dataclass(frozen=True)
class Reply:
    """The answer to one message. `kept` is False if a later look at the conversation will not show it."""

    messages: list[Message]
    language: str
    kept: bool = True
    #: What the message added to or changed in the case.
    understood: list[UnderstoodFact] = field(default_factory=list)


class Turns:
    """Takes turns with Rasa for all conversations of this gateway."""

    def __init__(
        self,
        settings: Settings,
        sealer: Sealer,
        memory: ConversationMemory,
        rasa: RasaServers,
        contacts: Contacts,
    ) -> None:
        self._settings = settings
        self._languages = available_languages(settings.locales_dir)
        self._sealer = sealer
        self._memory = memory
        self._rasa = rasa
        self._contacts = contacts
        self._locks = ConversationLocks(settings.redis_url)

    async def take(
        self,
        conversation: str,
        said: Said,
        parse: Parse | None,
        first: list[Message],
        known: ConversationState,
    ) -> Reply:
        """Take one turn. `first` are messages to show above its answer.

        `known` is the state before waiting in line; it serves only if the one after cannot be had.
        Raises RequestFault if the conversation is unknown or was deleted meanwhile.
        """
        try:
            async with self._locks.hold(self._sealer.row_key(conversation)):
                state = await self._memory.load(conversation)
                if state is None:
                    raise RequestFault(Fault.UNKNOWN_CONVERSATION, known.language)
                return await self._take_in_line(conversation, said, parse, first, state)
        except LockTimeoutError:
            return await self._unanswered(conversation, said, said.text, Learned(), first, known)
        except MemoryDownError:
            return self.unavailable(first, known)

    def unavailable(self, first: list[Message], state: ConversationState) -> Reply:
        """The answer when there is none: kind words with local numbers, below `first`."""
        sorry = Message(text=self._contacts.unavailable(state.language, state.country), kind="unavailable")
        return Reply([*first, sorry], state.language, kept=False)

    async def keep(
        self,
        conversation: str,
        said: str | None,
        learned: Learned,
        messages: list[Message],
        held: Held | None = None,
        message_id: str | None = None,
    ) -> list[Message] | None:
        """Remember an answer that Rasa had no part in; return it as it was kept, or None if it could not be. `held`: what such an answer does
        not end; a button below the last message then takes it up. The message of an id is only kept once."""
        shown: list[Message] = []

        def change(kept: ConversationState) -> None:
            known = kept.answer_to(message_id, None) if message_id is not None else None
            in_danger = _tells_numbers(messages)
            if known is not None and (_tells_numbers(known.messages) or not in_danger):
                # Danger under an id that was used before is danger all the same.
                shown[:] = known.messages
                return
            learned.apply(kept)
            kept.turn += 1
            shown[:] = messages
            if held is not None and messages:
                self._hold(kept, shown, held, in_danger)
            kept.emergency_shown = kept.emergency_shown or in_danger
            kept.record(said, shown)
            if message_id is not None:
                kept.note_answer(Answered(id=message_id, turn=kept.turn, messages=list(shown)))

        try:
            if await self._memory.update(conversation, change) is not None:
                return shown
        except MemoryDownError:
            return None
        return None

    def _hold(self, kept: ConversationState, messages: list[Message], held: Held, in_danger: bool) -> None:
        """Keep what an answer does not end, with a button below the last message that takes it up."""
        kept.held = held.model_copy(update={"turn": kept.turn})
        _ = Words(self._settings.locales_dir, kept.language)
        way = (_("I am safe: go on with what I wrote"), NO_DANGER) if in_danger else (_("Try again"), TRY_AGAIN)
        messages[-1] = with_button(kept, messages[-1], *way)

    async def unanswered(self, conversation: str, said: Said, first: list[Message], state: ConversationState) -> Reply:
        """The answer to a text that Rasa was not given: kind words, and a button that takes the text up again."""
        return await self._unanswered(conversation, said, said.text, Learned(), first, state)

    async def _take_in_line(
        self,
        conversation: str,
        said: Said,
        parse: Parse | None,
        first: list[Message],
        state: ConversationState,
    ) -> Reply:
        again = state.answer_to(said.id, said.button)
        if again is not None:
            return Reply(again.messages, state.language, understood=again.understood)
        button = find_button(state, said.button) if said.button is not None and said.text is None else None
        if said.text is not None and parse is not None and parse.danger_level != "sure":
            # Our own words typed back (as who answers by SMS does) mean the button, also where a word in them sounds like danger.
            button = button_of_title(state, said.text)
        if said.button is not None and said.text is None and button is None:
            return await self._closed_choice(conversation, state, said.id)
        asked = said
        if button is not None and button.payload == TRY_AGAIN:
            if state.held is None:
                return await self._closed_choice(conversation, state, said.id)
            said, parse = said_again(state.held), None
            button = find_button(state, said.button) if said.button is not None else None
        held = state.held if button is not None and button.payload == NO_DANGER and button.turn == state.turn else None
        if held is not None:
            # A false alarm, left with one tap: what was written is taken up as what it is.
            said, button, parse = Said(text=held.text, calm=True), None, await self._calm(held)
        learned = Learned()
        if parse is not None and said.text is not None:
            learned = learn_from_parse(parse, said.text, state, self._languages)
        learned.apply(state)
        try:
            answer = await self._rasa.turn(_turn_body(conversation, said, button, parse, first, state, learned.language is not None))
        except RasaUnavailableError:
            answer = []
        if parse is not None and (parse.raw.get("danger") or {}).get("doubted"):
            # It sounded like danger: even if it also reads as an answer, the line with the numbers stays.
            for message in answer:
                message.extras.calm = False
        shown_as = button.title if button is not None else said.text or said.title
        if not any(message.text or message.buttons for message in answer) or any(message.kind == "unavailable" for message in answer):
            # The dialogue forgets this turn when it is asked again: whatever it was, it may be said once more.
            return await self._unanswered(conversation, said, shown_as, learned, first, state, asked.id)
        return await self._answered(conversation, asked, said, shown_as, learned, first, answer)

    async def _answered(
        self,
        conversation: str,
        asked: Said,
        said: Said,
        shown_as: str | None,
        learned: Learned,
        first: list[Message],
        answer: list[RasaMessage],
    ) -> Reply:
        messages: list[Message] = []
        wiped = any(message.extras.wipe for message in answer)
        if any(message.extras.calm for message in answer):
            # The message was an answer to the open question: a line about danger above it would only frighten.
            first = [message for message in first if message.kind != "emergency_hint"]
        understood = [UnderstoodFact.model_validate(u) for message in answer for u in message.extras.understood]

        def change(kept: ConversationState) -> None:
            learned.apply(kept)
            if wiped:
                kept.forget()
            if any(message.extras.hides for message in answer):
                kept.hide()
            if any(message.extras.forget_last for message in answer):
                kept.forget_last()
            for message in answer:
                learn_from_response(message.extras.settings or None, self._languages).apply(kept)
                kept.result = _result(message.extras.result) or kept.result
                if message.extras.case is not None and not wiped:
                    kept.case = _case(message.extras.case) or kept.case
            kept.turn += 1
            kept.step += 1
            visible = [message for message in answer if message.text or message.buttons]
            messages.extend([*first, *to_messages(kept, visible)])
            kept.held = None
            kept.emergency_shown = said.text is not None and _tells_numbers(messages) and not messages[-1].buttons
            if said.text is not None and kept.emergency_shown:
                # It was the dialogue that heard danger. A question that is open stays open, and what was written is not lost.
                self._hold(kept, messages, Held(text=said.text, turn=0), in_danger=True)
            else:
                kept.open_fact = next((m.fact for m in reversed(answer) if m.fact), None)
            kept.record(None if wiped else shown_as, messages)
            kept.note_answer(Answered(id=asked.id, button=asked.button, turn=kept.turn, messages=list(messages), understood=understood))

        # "Delete everything" takes the key with it: what both parts kept until now is unreadable, this turn's too.
        state = await self._memory.update(conversation, change, fresh_key=wiped)
        if state is None:
            raise RequestFault(Fault.UNKNOWN_CONVERSATION)
        return Reply(messages, state.language, understood=understood)

    async def _unanswered(
        self,
        conversation: str,
        said: Said,
        shown_as: str | None,
        learned: Learned,
        first: list[Message],
        state: ConversationState,
        message_id: str | None = None,
    ) -> Reply:
        reply = self.unavailable(first, state)
        held = Held(text=said.text or shown_as or "", button=said.button, payload=said.payload, calm=said.calm, turn=0)
        kept = await self.keep(conversation, shown_as, learned, reply.messages, held, message_id or said.id)
        return Reply(kept or reply.messages, state.language, kept is not None)

    async def _calm(self, held: Held) -> Parse | None:
        """What was heard as danger, and is none. Where only its letters were heard Rasa reads it now; None if it cannot."""
        try:
            return parse_of(calmed(held.parse or (await self._rasa.parse(held.text)).raw))
        except RasaUnavailableError:
            return None

    async def _closed_choice(self, conversation: str, state: ConversationState, message_id: str | None) -> Reply:
        _ = Words(self._settings.locales_dir, state.language)
        message = Message(text=_("This choice is no longer open. You can write what you want instead."))
        kept = await self.keep(conversation, None, Learned(), [message], message_id=message_id)
        return Reply([message], state.language, kept is not None)

    async def close(self) -> None:
        """Close the connections of the locks."""
        await self._locks.close()


def _tells_numbers(messages: list[Message]) -> bool:
    return any(message.kind == "emergency" for message in messages)


def said_again(held: Held) -> Said:
    """What was held, said once more."""
    if held.button is not None:
        return Said(button=held.button)
    return Said(payload=held.payload, title=held.text) if held.payload is not None else Said(text=held.text, calm=held.calm)


def _result(content: Any) -> Result | None:
    """The answers behind a result, which the dialogue hands over beside its words; nonsense is left out."""
    try:
        return None if content is None else Result.model_validate(content)
    except ValidationError as error:
        # Without the values: they are hers.
        logger.error("A result of the dialogue cannot be read: %s", "; ".join(f"{e['loc']}: {e['type']}" for e in error.errors()))
        return None


def _case(content: dict[str, Any]) -> CaseSoFar | None:
    try:
        return CaseSoFar.model_validate(content)
    except ValidationError:
        return None


def _turn_body(
    conversation: str,
    said: Said,
    button: StoredButton | None,
    parse: Parse | None,
    first: list[Message],
    state: ConversationState,
    language_changed: bool = False,
) -> dict[str, Any]:
    metadata = Metadata(
        language=state.language,
        country=state.country,
        region=state.region,
        danger_shown=bool(first),
        # The words that follow an emergency message answer it, not the question that was open before.
        after_emergency=state.emergency_shown and not said.calm,
        held=said.calm,
        language_changed=language_changed,
        page=state.on_page,
        fact=button.fact if button is not None else None,
    )
    return {
        "conversation": conversation,
        "text": said.text if button is None else None,
        "payload": button.payload if button is not None else said.payload,
        "title": button.title if button is not None else said.title,
        "parse": parse.raw if parse is not None and button is None else None,
        "step": state.step,
        "metadata": metadata.to_json(),
    }
