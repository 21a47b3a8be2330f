"""Danger first: a message in which somebody is in danger is met before any rule has its say.

Rules go by the intent, and a danger may stand in a message of any intent: thanks,
a question, an answer within a case. The reader of dangers (`components.nlu.complaint_reader`)
leaves what it found on the message; this policy looks at nothing else.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

ACTION = "action_meet_danger"
DANGERS = "dangers"
"""Property of a parsed message: the dangers found in it."""
_PRIORITY = 9  # above RulePolicy's 6, below that of ActionFailurePolicy


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class DangerPolicy(Policy):
    """Predicts `action_meet_danger` for a message with dangers, and listening after it."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults: only the priority matters."""
        return {"priority": _PRIORITY}

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: Optional[TrackerFeaturizer] = None,
    ) -> None:
        """Create the policy; it keeps no state and is not trained."""
        super().__init__(config, model_storage, resource, execution_context, featurizer)

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn; returns the resource unchanged."""
        return self._resource

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

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerPolicy:
        """Return a fresh policy: nothing was persisted."""
        return cls(config, model_storage, resource, execution_context)
