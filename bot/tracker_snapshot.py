"""What is kept of a tracker: the state before the last four turns as a few events, then those turns."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_KEPT = 4
# Of the parse of an old message the dialogue needs no more than this.
_PARSE_KEPT = ("intent", "entities", "danger")
_WORDS = {"user": ("text",), "bot": ("text", "data")}


def compact_events(tracker: DialogueStateTracker, domain: Domain) -> list[dict[str, Any]]:
    """A short list of serialised events that gives the same slots, loop and last four turns as the tracker."""
    events = list(tracker.events)
    cut = _start_of_kept_turns(events)
    before = DialogueStateTracker(tracker.sender_id, domain.slots)
    untouched = {name: slot.value for name, slot in before.slots.items()}
    for event in events[:cut]:
        before.update(event, domain)
    return [_slim(event.as_dict()) for event in [*_state_events(before, untouched), *events[cut:]]]


def restore(tracker: DialogueStateTracker, events: list[dict[str, Any]], domain: Domain) -> DialogueStateTracker:
    """The (fresh) tracker with the events applied."""
    for event in events:
        tracker.update(Event.from_parameters(event), domain)
    return tracker


def _start_of_kept_turns(events: list[Event]) -> int:
    """The index of the listening that precedes the fourth last user message, or 0."""
    turns = 0
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        if isinstance(event, Restarted):
            return index
        turns += isinstance(event, UserUttered)
        listening = isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
        if turns == TURNS_KEPT and listening:
            return index
    return 0


def _state_events(tracker: DialogueStateTracker, untouched: dict[str, Any]) -> list[Event]:
    """The events that bring a fresh tracker into this one's state."""
    events: list[Event] = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value != untouched.get(name)]
    if tracker.active_loop_name:
        events.append(ActiveLoop(tracker.active_loop_name))
        if tracker.is_active_loop_rejected:
            events.append(ActionExecutionRejected(tracker.active_loop_name))
    if tracker.is_paused():
        events.append(ConversationPaused())
    return events


def _slim(event: dict[str, Any]) -> dict[str, Any]:
    """The serialised event without what only debugging needs, and without anybody's words: what follows a message hangs on its
    reading, and facts stand in the slots."""
    words = _WORDS.get(str(event.get("event")), ())
    event = {name: value for name, value in event.items() if name not in words}
    kept = {k: v for k, v in event.items() if k not in ("input_channel", "message_id", "policy", "confidence")}
    if isinstance(kept.get("parse_data"), dict):
        kept["parse_data"] = {k: v for k, v in kept["parse_data"].items() if k in _PARSE_KEPT}
    if isinstance(kept.get("metadata"), dict):
        kept["metadata"] = {k: v for k, v in kept["metadata"].items() if k not in ("model_id", "assistant_id")}
    return kept
