"""A turn of the dialogue as an action would see it, for tests that need no server."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.interview.state import InterviewState
from actions.turn import Turn
from envelope import Metadata, Understood

TODAY = date(2026, 11, 29)


def a_turn(
    text: str = "",
    intent: str = "inform",
    country: str | None = "DE",
    language: str = "en",
    *,
    entities: dict[str, Any] | None = None,
    case: dict[str, Any] | None = None,
    asked: str | None = None,
    today: date = TODAY,
    clauses: list[dict[str, Any]] | None = None,
    button: bool = False,
    in_form: bool = False,
    **interview: Any,
) -> Turn:
    """Somebody wrote `text` (or pressed a button); further names are fields of the interview's state."""
    parse = {"intent": {"name": intent}, "entities": [], "danger": {"level": "none"}, "clauses": clauses or []}
    return Turn(
        text=text,
        understood=Understood.read(parse),
        metadata=Metadata(language=language, country=country, button=button),
        intent=intent,
        entities=entities or {},
        ranking=[],
        language=language,
        country=country,
        region=None,
        case=case if case is not None else {},
        asked=asked,
        interview=InterviewState(**interview),
        today=today,
        in_form=in_form,
    )
