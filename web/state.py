"""What the gateway remembers of a conversation between two messages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

# Of an opaque id.
ID_BYTES = 24
# Buttons of this many answers stay valid, for a person who goes back a little.
ANSWERS_WITH_OPEN_BUTTONS = 6
TRANSCRIPT_LENGTH = 30
# A message that comes twice comes soon.
ANSWERS_KEPT = 3


class Button(BaseModel):
    """A choice as clients see it: `button` is an opaque id, good for this conversation only."""

    title: str
    button: str


class Message(BaseModel):
    """One message to the person. Keys that the dialogue adds beside these are passed on."""

    model_config = ConfigDict(extra="allow")

    text: str
    buttons: list[Button] = Field(default_factory=list)
    kind: str = "text"
    fact: str | None = None


class StoredButton(BaseModel):
    """A choice as we keep it: what it sends to the dialogue, and the question it belongs to."""

    id: str
    title: str
    payload: str
    fact: str | None = None
    turn: int


class View(BaseModel):
    """How the page is shown to this person. Kept here, so that nothing is stored on the device."""

    size: Literal["normal", "large", "largest"] = "normal"
    contrast: Literal["normal", "high"] = "normal"


class Service(BaseModel):
    """A number or a service, as a card shows it."""

    name: str
    number: str | None = None
    channel: str = "voice"
    address: str | None = None
    lines: list[str] = Field(default_factory=list)
    #: What else there is to know of it: hours, languages, when it was last seen.
    more: list[str] = Field(default_factory=list)


class Result(BaseModel):
    """The answers of the interview when the dialogue last showed a result, for the page that shows all of it."""

    case: dict[str, Any]
    country: str
    #: Somebody under 18 is shown rights and days, no amounts.
    minor: bool
    #: Whom to call, as the chat's cards have it, and the language of their words.
    services: list[Service] = Field(default_factory=list)
    language: str = ""
    #: What was answered, in words of that language, for the paper.
    answers: list[str] = Field(default_factory=list)
    #: Somebody asked for another person: that is who may claim.
    for_another: bool = False
    #: Safety comes first: no sum stands on the card unasked.
    unsafe: bool = False


class UnderstoodFact(BaseModel):
    """What a message added to or changed in the case: the fact, its value as in the case file, the line as said back."""

    fact: str
    value: Any
    text: str


class CaseSoFar(BaseModel):
    """The case file as understood so far: `confirmed` facts were answered or confirmed; `read` ones were only read from free text and enter
    no estimate."""

    case: dict[str, Any] = Field(default_factory=lambda: {"version": 1})
    confirmed: list[str] = Field(default_factory=list)
    read: list[str] = Field(default_factory=list)


class HandOver(BaseModel):
    """What a person hands to an advice centre: from when she asked for a code until she is told that it was taken."""

    #: Words of the code in English; until when it holds, and how long she may say yes.
    code: list[str]
    until: datetime
    #: Exactly what she was shown; facts in it that were read in her words and not confirmed.
    case: dict[str, Any]
    read: list[str] = Field(default_factory=list)
    #: Who asked for it with the code (the name of an organisation), and the mark by which that worker comes back.
    asked_by: str | None = None
    mark: str | None = None
    #: She said yes: the words of the consent, their language, and the day.
    agreed: str | None = None
    agreed_language: str = ""
    agreed_on: date | None = None
    taken: bool = False


class Held(BaseModel):
    """What was answered as an emergency, or could not be answered: taken up again when the person says so."""

    text: str
    #: The choice that was pressed, or what we offered and was chosen; without either `text` was written.
    button: str | None = None
    payload: str | None = None
    #: What Rasa understood of it; nothing where Rasa was not asked.
    parse: dict[str, Any] = Field(default_factory=dict)
    #: She has said that it was no danger.
    calm: bool = False
    turn: int


class Answered(BaseModel):
    """One of the latest answers, for a message that comes twice: by the client's id of it, or by the button that was pressed."""

    id: str | None = None
    button: str | None = None
    turn: int
    messages: list[Message]
    understood: list[UnderstoodFact] = Field(default_factory=list)


class Entry(BaseModel):
    """One line of the page's transcript."""

    who: Literal["person", "helper"]
    message: Message
    turn: int


class ConversationState(BaseModel):
    """Language, place, open buttons; and for the page alone the last lines, so that a reload shows them."""

    language: str
    country: str | None = None
    region: str | None = None
    keeps_transcript: bool = False
    #: It is held on our page, where words to come back can be had.
    on_page: bool = False
    turn: int = 0
    #: How many turns the dialogue has answered: it goes on from there, whatever else it was asked meanwhile.
    step: int = 0
    open_fact: str | None = None
    emergency_shown: bool = False
    #: A resume code keeps the conversation until then, also when the person leaves the page.
    kept_until: datetime | None = None
    view: View = Field(default_factory=View)
    result: Result | None = None
    case: CaseSoFar = Field(default_factory=CaseSoFar)
    held: Held | None = None
    hand_over: HandOver | None = None
    buttons: list[StoredButton] = Field(default_factory=list)
    transcript: list[Entry] = Field(default_factory=list)
    answered: list[Answered] = Field(default_factory=list)

    def set_country(self, country: str, region: str | None) -> None:
        """Set where the person is; a region of another country does not stay."""
        if country != self.country or region is not None:
            self.region = region
        self.country = country

    def forget(self) -> None:
        """Forget everything but the language of the words that say so."""
        self.country = self.region = self.open_fact = self.result = self.kept_until = self.held = self.hand_over = None
        self.case = CaseSoFar()
        self.buttons, self.transcript, self.answered = [], [], []

    def hide(self) -> None:
        """Show nothing of what was said until now; the country stays, for the numbers."""
        self.result, self.held, self.hand_over, self.case = None, None, None, CaseSoFar()
        self.buttons, self.transcript, self.answered = [], [], []

    def answer_to(self, message: str | None, button: str | None) -> Answered | None:
        """The answer that a message has had: the one of this id; without an id, that of the same button when nothing came after it."""
        if message is not None:
            return next((known for known in self.answered if known.id == message), None)
        latest = self.answered[-1] if self.answered else None
        return latest if latest is not None and button is not None and latest.button == button and latest.turn == self.turn else None

    def note_answer(self, answered: Answered) -> None:
        """Keep an answer for when its message comes again."""
        self.answered = [*self.answered, answered][-ANSWERS_KEPT:]

    def forget_last(self) -> None:
        """Forget the latest words of the person, and what was said to them, which may say them back."""
        said = [entry.turn for entry in self.transcript if entry.who == "person"]
        self.transcript = [entry for entry in self.transcript if not said or entry.turn != said[-1]]
        self.answered = []

    def record(self, said: str | None, answer: list[Message]) -> None:
        """Add one turn to the transcript, if this conversation keeps one."""
        if not self.keeps_transcript:
            return
        if said is not None:
            self.transcript.append(Entry(who="person", message=Message(text=said), turn=self.turn))
        self.transcript += [Entry(who="helper", message=message, turn=self.turn) for message in answer]
        self.transcript = self.transcript[-TRANSCRIPT_LENGTH:]
