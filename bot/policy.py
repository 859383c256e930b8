"""Rasa policy: danger is answered before anything else, and no turn ends in silence. Rules do the rest."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_ACTION_NAMES
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.responses import EMERGENCY_RESPONSE, UNAVAILABLE_RESPONSE

EMERGENCY_INTENT = "emergency"
LAST_WORDS = (EMERGENCY_RESPONSE, UNAVAILABLE_RESPONSE)
# Rasa's circuit breaker ends a turn without a word after ten actions. This is spoken before it can trip.
MOST_ACTIONS = 8


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SafetyPolicy(RulePolicy):
    """RulePolicy with two rules above all rules and forms.

    * Danger: the response `utter_emergency` is predicted without using up the message
      (`is_no_user_prediction`), so that an active form is not fed with it and goes on at the next message. A
      higher priority alone would lose to the form.
    * Silence: when the turn would end and nothing was said (no rule, exception), or an action failed (action server
      dead or hung), the response `utter_unavailable` is predicted and the rest of the rule is left: "anything
      else?" after an answer that never came would be a lie. Rasa does not tell a policy that an action failed, but
      then it leaves no event; hence the rule for ours: **an action that worked says or sets something**.

    After either response the turn ends; each can therefore be said at most once a turn.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """RulePolicy's settings without its fallback action: silence is answered here."""
        return {**RulePolicy.get_default_config(), "enable_fallback_prediction": False, "core_fallback_action_name": None}

    @classmethod
    def raise_if_incompatible_with_domain(cls, config: dict[str, Any], domain: Domain) -> None:
        """Raise InvalidDomain when the domain lacks one of the two responses."""
        super().raise_if_incompatible_with_domain(config, domain)
        missing = [name for name in LAST_WORDS if name not in domain.action_names_or_texts]
        if missing:
            raise InvalidDomain(f"The domain has no response {' and '.join(missing)}; SafetyPolicy needs both.")

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict the next action (training looks at the rules alone, through `_predict`)."""
        actions, spoken = _this_turn(tracker)
        if actions and actions[-1] in LAST_WORDS:
            return self._force(ACTION_LISTEN_NAME, tracker, domain)
        if not actions and _in_danger(tracker):
            return self._force(EMERGENCY_RESPONSE, tracker, domain)
        prediction = super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        broken = _latest_action_failed(tracker, domain)
        if not broken and not _ends_turn(prediction, domain, len(actions)):
            return prediction
        if spoken:
            return self._force(ACTION_LISTEN_NAME, tracker, domain)
        return self._force(_last_words(tracker), tracker, domain)

    def _force(self, action: str, tracker: DialogueStateTracker, domain: Domain) -> PolicyPrediction:
        return PolicyPrediction(
            self._prediction_result(action, tracker, domain),
            type(self).__name__,
            self.priority,
            is_no_user_prediction=True,
            hide_rule_turn=True,
        )


def _this_turn(tracker: DialogueStateTracker) -> tuple[list[str], bool]:
    """The actions run since the latest user message, oldest first, and whether the bot said anything."""
    actions: list[str] = []
    spoken = False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted):
            actions.append(event.action_name or "")
        spoken = spoken or isinstance(event, BotUttered)
    return actions[::-1], spoken


def _in_danger(tracker: DialogueStateTracker) -> bool:
    """Whether the latest message must be answered with the emergency response.

    That is: danger is sure, or the classifier says emergency, nothing has shown a line of numbers yet and no question is open. An open
    question is a strong prior: what reads as its answer is its answer unless danger is sure, and the form looks at it first.
    """
    message = tracker.latest_message
    if message is None:
        return False
    if (message.parse_data.get("danger") or {}).get("level") == "sure":
        return True
    shown = bool((message.metadata or {}).get("danger_shown")) or bool(tracker.active_loop_name)
    return message.intent_name == EMERGENCY_INTENT and not shown


def _latest_action_failed(tracker: DialogueStateTracker, domain: Domain) -> bool:
    """Whether the latest thing that happened is a form or an action of ours that left no event at all."""
    latest = tracker.events[-1] if tracker.events else None
    name = latest.action_name if isinstance(latest, ActionExecuted) else None
    if name is None:
        return False
    return name in domain.form_names or (name.startswith("action_") and name not in DEFAULT_ACTION_NAMES)


def _ends_turn(prediction: PolicyPrediction, domain: Domain, actions: int) -> bool:
    """Whether the prediction ends the turn: listening, nothing at all, or too many actions already."""
    best = domain.action_names_or_texts[prediction.max_confidence_index]
    return best == ACTION_LISTEN_NAME or prediction.max_confidence == 0.0 or actions >= MOST_ACTIONS


def _last_words(tracker: DialogueStateTracker) -> str:
    """The response for a turn without words; to somebody perhaps in danger we never say "try again"."""
    message = tracker.latest_message
    danger = message is not None and message.intent_name == EMERGENCY_INTENT
    return EMERGENCY_RESPONSE if danger else UNAVAILABLE_RESPONSE
