"""What Rasa understood of a text: intent, entities, danger, and what each clause says of the writer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from envelope.errors import EnvelopeError, field

LEVELS = ("none", "unsure", "sure")
#: What a message behind a false alarm perhaps wants is followed from this confidence on.
LEAST_SECOND = 0.5


@dataclass(frozen=True)
class ClauseFact:
    """A value that a clause says: `papers` = `taken`; `sure`, or only worth asking about."""

    group: str
    value: str
    score: float
    sure: bool


@dataclass(frozen=True)
class ParsedClause:
    """A clause of the text with what it says; `intent` is what it would want alone, where the text has several clauses."""

    text: str
    facts: tuple[ClauseFact, ...] = ()
    intent: str = ""
    confidence: float = 0.0

    def value(self, group: str, guess: bool = False) -> str | None:
        """The value it says of a group; None when it says none, or (without `guess`) none surely."""
        return next((f.value for f in self.facts if f.group == group and (f.sure or guess)), None)


@dataclass(frozen=True)
class Understood:
    """The parse of one text."""

    intent: str
    ranking: tuple[str, ...]
    entities: tuple[dict[str, Any], ...]
    danger_level: str
    danger_kind: str | None
    #: Sure enough to outweigh a question that is open: less than that, what reads as its answer is its answer.
    danger_clear: bool = True
    clauses: tuple[ParsedClause, ...] = ()

    @classmethod
    def read(cls, body: Any) -> Understood:
        """From Rasa's answer. Raises EnvelopeError when it is not what was agreed."""
        if not isinstance(body, dict):
            raise EnvelopeError("expected an object")
        intent, danger = field(body, "intent", dict, {}), field(body, "danger", dict, {})
        level = field(danger, "level", str, "none")
        if level not in LEVELS:
            raise EnvelopeError(f"expected danger 'level' to be one of {', '.join(LEVELS)}, found {level!r}")
        entities = [e for e in field(body, "entities", list, []) if isinstance(e, dict) and "entity" in e]
        ranking = [str(r["name"]) for r in field(body, "intent_ranking", list, []) if isinstance(r, dict) and r.get("name")]
        return cls(
            str(intent.get("name") or ""),
            tuple(ranking),
            tuple(entities),
            level,
            field(danger, "kind", str, None),
            field(danger, "clear", bool, True),
            tuple(_clause(c) for c in field(body, "clauses", list, [])),
        )

    def countries(self, text: str) -> list[tuple[str, str | None]]:
        """The countries the text names, each with what it is for (here, origin, now, other) where its clause says so."""
        found = []
        for entity in self.entities:
            if entity["entity"] != "country":
                continue
            placed = isinstance(entity.get("start"), int) and isinstance(entity.get("end"), int)
            words = text[entity["start"] : entity["end"]] if placed else ""
            clause = next((c for c in self.clauses if words and words in c.text), None)
            found.append((str(entity["value"]), clause.value("place", guess=True) if clause else None))
        return found

    def entity(self, name: str) -> Any:
        """The last value of an entity; None when there is none."""
        return next((e["value"] for e in reversed(self.entities) if e["entity"] == name), None)


def calmed(raw: dict[str, Any]) -> dict[str, Any]:
    """The same parse without danger: the person said that it was none. The next best guess is what the message wants, where it is a good one:
    else "he is at the door" would be a question about going home."""
    ranking = [r for r in raw.get("intent_ranking") or [] if isinstance(r, dict) and r.get("name") != "emergency"]
    best = ranking[0] if ranking else {}
    if float(best.get("confidence") or 0.0) < LEAST_SECOND:
        best = {"name": "nlu_fallback", "confidence": 0.0}
    return {**raw, "intent": best, "intent_ranking": ranking, "danger": {"kind": None, "level": "none", "score": 0.0}}


def _clause(body: Any) -> ParsedClause:
    if not isinstance(body, dict):
        raise EnvelopeError("expected each of 'clauses' to be an object")
    facts = tuple(
        ClauseFact(field(f, "group", str, ""), field(f, "value", str, ""), float(f.get("score") or 0), bool(f.get("sure")))
        for f in field(body, "facts", list, [])
        if isinstance(f, dict)
    )
    return ParsedClause(field(body, "text", str, ""), facts, field(body, "intent", str, ""), float(body.get("confidence") or 0))
