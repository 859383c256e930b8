"""One turn of the dialogue as our code sees it: who asks, in which language, what is known, what is said back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel import Locale

from calculator import api, wording
from calculator.engine.pack import Pack
from calculator.errors import Translate
from calculator.packs.model import Contact
from calculator.translation import base_language, isolated, plural_translator, translator

#: Slots of the domain that belong to us.
CASE, ASKED, INTERVIEW = "case", "asked", "interview"


def _(text: str) -> str:
    """Marks a source string of the `chat` catalogue for extraction; `Turn.say` translates it."""
    return text


def _n(one: str, many: str) -> tuple[str, str]:
    """Marks a source string that counts something, in its two English forms; `Turn.count` translates it."""
    return one, many


LAST = _("This is the last question.")
LEFT = _n("About {count} more question.", "About {count} more questions.")


@dataclass(frozen=True, slots=True)
class Button:
    """A choice. `payload` is an intent with its entities; the gateway replaces it by an opaque id."""

    title: str
    payload: str


@dataclass(slots=True)
class Message:
    """One bubble. `kind` is the contract's; `fact` the question it asks; `extra` goes along in `custom`."""

    text: str
    kind: str = "text"
    buttons: list[Button] = field(default_factory=list)
    fact: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Turn:
    """The latest message with its reading, the state of the interview, and the words of the language."""

    text: str
    intent: str
    entities: dict[str, Any]
    ranking: list[str]
    danger_level: str
    danger_kind: str
    language: str
    country: str | None
    region: str | None
    case: dict[str, Any]
    asked: str | None
    interview: dict[str, Any]
    today: date
    in_form: bool = False
    pressed: bool = False
    after_emergency: bool = False
    messages: list[Message] = field(default_factory=list)

    @classmethod
    def of(cls, tracker: Any, today: date) -> Turn:
        """From a rasa-sdk tracker."""
        latest = tracker.latest_message or {}
        metadata = latest.get("metadata") or {}
        danger = latest.get("danger") or {}
        entities = {e["entity"]: e["value"] for e in latest.get("entities") or [] if "entity" in e}
        return cls(
            text=str(latest.get("text") or ""),
            intent=str((latest.get("intent") or {}).get("name") or ""),
            entities=entities,
            ranking=[str(r.get("name")) for r in latest.get("intent_ranking") or []],
            danger_level=str(danger.get("level") or "none"),
            danger_kind=str(danger.get("kind") or "any"),
            language=str(metadata.get("language") or "en"),
            # The gateway's country is the conversation's; a country named in passing may be where somebody comes from.
            country=metadata.get("country") or entities.get("country") or None,
            region=metadata.get("region") or None,
            case=dict(tracker.get_slot(CASE) or {}),
            asked=tracker.get_slot(ASKED),
            interview=dict(tracker.get_slot(INTERVIEW) or {}),
            today=today,
            in_form=bool((tracker.active_loop or {}).get("name")),
            pressed=bool(metadata.get("button")),
            after_emergency=bool(metadata.get("after_emergency")),
        )

    @property
    def translate(self) -> Translate:
        return translator(self.language, "chat", "law", "danger")

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

    def say(self, text: str, /, *, kind: str = "text", buttons: list[Button] | None = None, fact: str | None = None,
            extra: dict[str, Any] | None = None, **values: object) -> Message:
        message = Message(self.words(text, **values), kind, buttons or [], fact, extra or {})
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

    def send(self, dispatcher: Any) -> None:
        """Give the messages to Rasa; everything beside text and buttons travels in `custom`.

        A country learned in the interview goes to the gateway, which keeps it for the emergency numbers.
        """
        if self.messages and "set_country" in self.interview:
            self.messages[0].extra["set"] = {"country": self.interview.pop("set_country")}
        for message in self.messages:
            custom = {"kind": message.kind, **({"fact": message.fact} if message.fact else {}), **message.extra}
            dispatcher.utter_message(
                text=message.text,
                buttons=[{"title": b.title, "payload": b.payload} for b in message.buttons],
                json_message=custom,
            )
        self.messages.clear()
