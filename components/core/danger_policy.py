"""Danger first: a message in which somebody is in danger is met before any rule has its say.

Rules go by the intent, and a danger may stand in a message of any intent: thanks,
a question, an answer within a case. The reader of dangers (`components.nlu.complaint_reader`)
leaves what it found on the message; this policy looks at nothing else.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from components.core.stateless_policy import StatelessPolicy

ACTION = "action_meet_danger"
DANGERS = "dangers"
"""Property of a parsed message: the dangers found in it."""
_PRIORITY = 9  # above RulePolicy's 6, below that of ActionFailurePolicy


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class DangerPolicy(StatelessPolicy):
    """Predicts `action_meet_danger` for a message with dangers, and listening after it."""

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
        """Return the prediction: the action on a danger not met yet, listening once it is, otherwise nothing."""
        probabilities = self._default_predictions(domain)
        message = tracker.latest_message
        if message is not None and message.parse_data.get(DANGERS) and ACTION in domain.action_names_or_texts:
            if tracker.latest_action_name == ACTION_LISTEN_NAME:
                probabilities[domain.index_for_action(ACTION)] = 1.0
            elif tracker.latest_action_name == ACTION:
                probabilities[domain.index_for_action(ACTION_LISTEN_NAME)] = 1.0
        return PolicyPrediction(
            probabilities, self.__class__.__name__, self.priority, is_no_user_prediction=max(probabilities) > 0
        )
