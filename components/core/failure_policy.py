"""Speak up when a custom action did not run.

When the action server is down, or an action raises, Rasa logs the error and
goes on with no message: the shopper sees silence. The processor then holds a
tracker whose last event is the bare `ActionExecuted` of that action, for every
action of ours utters something when it succeeds. This policy recognises that
state and predicts the apology, in the Rasa process itself, so that REST, the
widget and `rasa shell` all get it.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.constants import ACTION_DEFAULT_FALLBACK_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUtteranceReverted
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

_PRIORITY = 10  # above RulePolicy's 6: its certain predictions must not win here


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class ActionFailurePolicy(Policy):
    """Predicts `action_default_fallback` after a custom action that left no trace.

    That action, one of Rasa's own, says `utter_default` (see components.core.nlg) and reverts
    the shopper's message, so the conversation goes on as if it had not been
    sent, and may be sent again.
    """

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

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ActionFailurePolicy:
        """Return a fresh policy: nothing was persisted."""
        return cls(config, model_storage, resource, execution_context)
