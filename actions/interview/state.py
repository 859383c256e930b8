"""Where the interview stands: everything the dialogue remembers beside the case file, with named fields and a version."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

VERSION = 2
#: Answers that can be corrected one by one.
MOST_ANSWERS = 60


class ToldFact(BaseModel):
    """A value read from free text and not yet confirmed. `words`: what it was read from, gone once it is confirmed or refused;
    `sure`: whether it is said back as understood, or only offered where its question is asked."""

    value: Any
    words: str = ""
    sure: bool = True


class Screening(BaseModel):
    """The short screening: answers so far, forms named in it, the question that is open."""

    answers: dict[str, bool | None] = Field(default_factory=dict)
    forms: list[str] | None = None
    open: str | None = None


class PutAway(BaseModel):
    """A case and its interview that are not shown while somebody asks for another person."""

    case: dict[str, Any] = Field(default_factory=dict)
    interview: dict[str, Any] = Field(default_factory=dict)


class Doubt(BaseModel):
    """A value that was read but is hardly possible, or not whole: it is asked about before it is kept."""

    fact: str
    value: Any
    kind: Literal["per", "hours_unit", "implausible", "sum"]


class InterviewState(BaseModel):
    """The slot `interview`. Unknown fields of another version are dropped; `read` never fails."""

    model_config = ConfigDict(extra="ignore")

    version: int = VERSION
    #: Facts answered or confirmed, oldest first; those of the latest message that answered any.
    order: list[str] = Field(default_factory=list)
    latest: list[str] = Field(default_factory=list)
    #: "Delete everything?" waits for an answer.
    deleting: bool = False
    #: This message has answered something already.
    answering: bool = Field(default=False, exclude=True)
    #: Somebody asks for another person: all is said of that person. What was told before is put away.
    helper: bool = False
    own: PutAway | None = None
    #: Whether the age question was answered, and how: True 18 or older, False under 18, None not known or not said.
    adult_asked: bool = False
    adult: bool | None = None
    #: Whether it was asked for another job; whether its country is asked now.
    more_work_asked: bool = False
    where_work: bool = False
    #: A question that is asked once more; a topic that waits for the country; the country whose questions are asked.
    again: str | None = None
    pending: str | None = None
    country: str | None = None
    #: The country question was answered with "I don't know" or "rather not".
    country_unsaid: bool = False
    #: A country learned in this turn, for the gateway.
    new_country: str | None = None
    #: A language chosen in this turn, for the question that another action of it asks; the gateway knows it from the next message on.
    new_language: str | None = None
    #: The interview begins or goes on with this message: Rasa gives it to the form as well, which must not read it twice.
    starting: bool = False
    #: This answer asks something else: the interview's own question waits for the next message.
    waits: bool = False
    #: The result was shown; more exact questions, the intimate ones among them, are wanted.
    shown: bool = False
    exact: bool = False
    sensitive: bool = False
    more_services: int = 0
    language_offered: bool = False
    screening: Screening | None = None
    #: What was read from free text: path -> value; those of it that are shown now and wait for "is that right?".
    told: dict[str, ToldFact] = Field(default_factory=dict)
    echo: list[str] = Field(default_factory=list)
    #: What was told of somebody else, for when she says that she asks for that person.
    theirs: dict[str, ToldFact] = Field(default_factory=dict)
    echoed: int = 0
    #: Values the person did not want kept: they are not read a second time.
    refused: list[str] = Field(default_factory=list)
    doubt: Doubt | None = None
    #: Amounts in other money whose sum in the State's money was asked for.
    sums: list[str] = Field(default_factory=list)
    #: The last day of a way is near: it is said above every answer (`actions.interview.hurry`).
    near: bool = False
    #: The first figure, before the questions end: not offered yet, offered, shown.
    early: Literal["", "offered", "done"] = ""
    #: How many questions the interview asked.
    asked_so_far: int = 0
    #: By which rules of which country the interview goes: country -> the beginning of their checksum.
    rules: dict[str, str] = Field(default_factory=dict)
    #: A length told without a beginning or an end, in months (low, high).
    length: tuple[float, float] | None = None
    #: What protects acts at once: it goes on, she is not safe where she is, it is not safe to write.
    ongoing: bool = False
    unsafe: bool = False
    watched: bool = False
    #: Reasons for which the way out was said already; "is it safe to write?" was just asked.
    safety_said: list[str] = Field(default_factory=list)
    safe_asked: bool = False
    #: What this message added to the case (path, value, line), until an action says something that it can travel with.
    learned: list[tuple[str, Any, str]] = Field(default_factory=list)
    #: What a typed answer was understood as, said back with the next question.
    said_back: list[str] = Field(default_factory=list)

    @classmethod
    def read(cls, slot: Any) -> InterviewState:
        """From the slot, whatever version wrote it. Version 1 was a dict of some fifteen keys: its answers go on; a slot that cannot be
        read starts again, and the case is kept."""
        raw = dict(slot) if isinstance(slot, dict) else {}
        if "version" not in raw and raw:
            raw = _from_version_1(raw)
        try:
            return cls.model_validate({**raw, "version": VERSION})
        except ValidationError:
            return cls()

    def to_slot(self) -> dict[str, Any]:
        """What is kept in the slot; defaults are left out."""
        return {"version": VERSION, **self.model_dump(mode="json", exclude_defaults=True, exclude={"version"})}

    def answered(self, fact: str) -> None:
        """Note that a fact was answered or confirmed, as the latest."""
        self.touched(fact)
        self.order = [*(known for known in self.order if known != fact), fact][-MOST_ANSWERS:]

    def touched(self, fact: str) -> None:
        """Note what the latest answer was about, for when it is to be deleted."""
        self.latest = [*(self.latest if self.answering else []), fact]
        self.answering = True


def _from_version_1(raw: dict[str, Any]) -> dict[str, Any]:
    moved = {"adult_asked": "adult" in raw, "more_work_asked": "more_work" in raw, "new_country": raw.get("set_country")}
    per_for = raw.get("per_for")
    if isinstance(per_for, str):
        moved["doubt"] = {"fact": per_for, "value": None, "kind": "per"}
    return {**raw, **moved}
