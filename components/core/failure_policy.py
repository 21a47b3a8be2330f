"""Speak up when a custom action did not run.

When the action server is down, or an action raises, Rasa logs the error and
goes on with no message: the shopper sees silence. The processor then holds a
tracker whose last event is the bare `ActionExecuted` of that action, for every
action of ours utters something when it succeeds. This policy recognises that
state and predicts the apology, in the Rasa process itself, so that REST, the
widget and `rasa shell` all get it.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.constants import ACTION_DEFAULT_FALLBACK_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUtteranceReverted
from rasa.shared.core.trackers import DialogueStateTracker

from components.core.stateless_policy import StatelessPolicy

_PRIORITY = 10  # above RulePolicy's 6: its certain predictions must not win here


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class ActionFailurePolicy(StatelessPolicy):
    """Predicts `action_default_fallback` after a custom action that left no trace.

    That action, one of Rasa's own, says `utter_default` (see components.core.nlg) and reverts
    the shopper's message, so the conversation goes on as if it had not been
    sent, and may be sent again.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults: only the priority matters."""
        return {"priority": _PRIORITY}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[str, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Return the prediction: the apology after a silent failure, listening after it, otherwise nothing."""
        probabilities = self._default_predictions(domain)
        last = tracker.events[-1] if tracker.events else None
        if isinstance(last, UserUtteranceReverted):
            probabilities[domain.index_for_action(ACTION_LISTEN_NAME)] = 1.0
        elif isinstance(last, ActionExecuted) and self._is_custom(last.action_name, domain):
            probabilities[domain.index_for_action(ACTION_DEFAULT_FALLBACK_NAME)] = 1.0
        return PolicyPrediction(
            probabilities, self.__class__.__name__, self.priority, is_no_user_prediction=max(probabilities) > 0
        )

    @staticmethod
    def _is_custom(action: Optional[str], domain: Domain) -> bool:
        return bool(action) and action in domain.user_actions and not str(action).startswith(UTTER_PREFIX)
