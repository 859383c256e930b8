"""One turn of the dialogue as our code sees it: who asks, in which language, what is known, what is said back."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from babel import Locale

from actions.interview.state import InterviewState
from calculator import api, vocabulary, wording
from calculator.case.paths import put
from calculator.engine.routes.pack import Pack
from calculator.errors import Translate
from calculator.packs.services import Contact
from calculator.translation import _, _n, base_language, isolated, plural_translator, translator
from envelope import EnvelopeError, Extras, Metadata, Understood

logger = logging.getLogger(__name__)
T = TypeVar("T")

#: Slots of the domain that belong to us.
CASE, ASKED, INTERVIEW = "case", "asked", "interview"
#: Kinds of messages that wait for an answer of their own.
ASKING = frozenset({"question", "understood", "confirm"})
#: Kinds of what comes before money in an answer: nothing is said above it.
PROTECTS = frozenset({"emergency", "emergency_hint", "confirm"})


LAST = _("This is the last question.")
LEFT = _n("About {count} more question.", "About {count} more questions.")


@dataclass(frozen=True, slots=True)
class Button:
    """A choice. `payload` is an intent with its entities; the gateway replaces it by an opaque id."""

    title: str
    payload: str


@dataclass(slots=True)
class Message:
    """One bubble. `kind` is the contract's; `fact` the question it asks; `extras` goes along for the gateway."""

    text: str
    kind: str = "text"
    buttons: list[Button] = field(default_factory=list)
    fact: str | None = None
    extras: Extras = field(default_factory=Extras)


@dataclass(slots=True)
class Turn:
    """The latest message with its reading, the state of the interview, and the words of the language."""

    text: str
    understood: Understood
    metadata: Metadata
    intent: str
    entities: dict[str, Any]
    ranking: list[str]
    language: str
    country: str | None
    region: str | None
    case: dict[str, Any]
    asked: str | None
    interview: InterviewState
    today: date
    in_form: bool = False
    messages: list[Message] = field(default_factory=list)
    #: The message was an answer: a line about danger above it would only frighten.
    calm: bool = False
    #: What was said before this turn is not shown any more.
    hides: bool = False

    @classmethod
    def of(cls, tracker: Any, today: date) -> Turn:
        """From a rasa-sdk tracker. What does not fit the envelope is a fault of ours: it is read as empty, never as something else."""
        latest = tracker.latest_message or {}
        understood = _read(Understood.read, latest, {})
        metadata = _read(Metadata.read, latest.get("metadata") or {}, {})
        entities = {e["entity"]: e["value"] for e in understood.entities}
        return cls(
            text=str(latest.get("text") or ""),
            understood=understood,
            metadata=metadata,
            intent=understood.intent,
            entities=entities,
            ranking=list(understood.ranking),
            language=metadata.language,
            # The gateway's country is the conversation's; a country named in passing may be where somebody comes from.
            country=metadata.country or entities.get("country") or None,
            region=metadata.region,
            case=dict(tracker.get_slot(CASE) or {}),
            asked=tracker.get_slot(ASKED),
            interview=InterviewState.read(tracker.get_slot(INTERVIEW)),
            today=today,
            in_form=bool((tracker.active_loop or {}).get("name")),
        )

    @property
    def danger_level(self) -> str:
        return self.understood.danger_level

    @property
    def danger_kind(self) -> str:
        return self.understood.danger_kind or "any"

    @property
    def pressed(self) -> bool:
        """Whether a button was pressed instead of a text written."""
        return self.metadata.button

    @property
    def asks(self) -> bool:
        """Whether this answer asks something already: one thing is asked at a time."""
        return any(message.kind in ASKING and message.buttons for message in self.messages)

    @property
    def after_emergency(self) -> bool:
        return self.metadata.after_emergency

    @property
    def translate(self) -> Translate:
        """Sentences in the person's language; where she asks for somebody else, of that person."""
        translate = translator(self.language, "chat", "law", "danger")
        if not self.interview.helper:
            return translate
        other = vocabulary.for_another()
        return lambda text: translate(other.get(text, text))

    @property
    def locale(self) -> Locale:
        return Locale.parse(base_language(self.language))

    @property
    def pack(self) -> Pack | None:
        return api.default_rules().pack(self.country) if self.country else None

    @property
    def contacts(self) -> list[Contact]:
        """Numbers and services of the country."""
        return api.contacts_of(self.country)

    def words(self, text: str, /, **values: object) -> str:
        """A whole sentence in the person's language, its placeholders filled in."""
        return self.translate(text).format(**values)

    def count(self, forms: tuple[str, str], count: int) -> str:
        """A sentence that counts, in the form the language has for that number."""
        return plural_translator(self.language, "chat")(*forms, count).format(count=count)

    def left(self, questions: int) -> str:
        """How many questions are left, the open one among them."""
        return self.translate(LAST) if questions == 1 else self.count(LEFT, questions)

    def learn(self, path: str, value: Any, line: str) -> None:
        """Note a fact that this message added to or changed in the case, with the line that says it back: `understood` of the answer."""
        self.interview.learned = [*self.interview.learned, (path, value, line)]

    def say(
        self,
        text: str,
        /,
        *,
        kind: str = "text",
        buttons: list[Button] | None = None,
        fact: str | None = None,
        extras: Extras | None = None,
        **values: object,
    ) -> Message:
        message = Message(self.words(text, **values), kind, buttons or [], fact, extras or Extras())
        self.messages.append(message)
        return message

    def say_lines(self, lines: list[str], **more: Any) -> None:
        """Several finished sentences as one bubble, a line each."""
        if lines:
            self.messages.append(Message("\n".join(lines), **more))

    def button(self, title: str, payload: str) -> Button:
        return Button(self.translate(title), payload)

    def number(self, text: str) -> str:
        """A telephone number, kept in order inside right-to-left text."""
        return isolated(text, self.language)

    def money(self, amount: str | None, currency: str) -> str:
        """An amount as the language writes it, with Latin digits."""
        return wording.money(amount, currency, self.language)

    def day(self, iso: str) -> str:
        """A date written out, with Latin digits."""
        return wording.day(iso, self.language)

    def period(self, first: date, length: str) -> str:
        """A whole month or year, written out."""
        return wording.month(first, self.language) if length == "month" else self.number(str(first.year))

    def send(self, dispatcher: Any) -> None:
        """Give the messages to Rasa; everything beside text and buttons travels in `custom`.

        With the first goes what the gateway keeps: a country learned in the interview, what this message was understood as, and the case
        as it is now.
        """
        if self.messages:
            extras = self.messages[0].extras
            if self.interview.new_country:
                extras.settings = {**extras.settings, "country": self.interview.new_country}
                self.interview.new_country = None
            extras.understood = [{"fact": path, "value": value, "text": text} for path, value, text in self.interview.learned]
            extras.case = self.case_so_far()
            extras.calm, extras.hides = self.calm, self.hides
            self.interview.learned = []
        for message in self.messages:
            custom = {"kind": message.kind, **({"fact": message.fact} if message.fact else {}), **message.extras.to_json()}
            dispatcher.utter_message(
                text=message.text,
                buttons=[{"title": b.title, "payload": b.payload} for b in message.buttons],
                json_message=custom,
            )
        self.messages.clear()

    def case_so_far(self) -> dict[str, Any]:
        """The case with what was only read from free text, and which facts are which (contract: GET .../case)."""
        return so_far(self.case, self.interview)


def so_far(case: dict[str, Any], interview: InterviewState) -> dict[str, Any]:
    """`{case, confirmed, read}`: the case with the sure values that were read and are not confirmed, the paths of both kinds."""
    whole = copy.deepcopy(case)
    read = [path for path, told in interview.told.items() if told.sure]
    for path in read:
        if not path.startswith("chat."):
            put(whole, path, interview.told[path].value)
    return {"case": {"version": 1, **whole}, "confirmed": [path for path in interview.order if path not in read], "read": read}


def _read(reader: Callable[[Any], T], body: Any, empty: Any) -> T:
    try:
        return reader(body)
    except EnvelopeError as error:
        logger.error("A message does not fit the envelope: %s", error)
        return reader(empty)
