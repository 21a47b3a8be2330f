"""Rasa's logistic regression, made safe for messages without any feature."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.tensorflow.constants import RANKING_LENGTH

INTENT_RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SafeLogisticRegressionClassifier(LogisticRegressionClassifier):
    """`LogisticRegressionClassifier` that answers "no intent" where nothing was read.

    The stock class raises on a blank message (0 features), and for a message
    of unknown characters only (emoji, 龘) the intercept alone answers, with
    whatever intent it favours. Both get intent `None` at confidence 0 here,
    which `FallbackClassifier` turns into `nlu_fallback`.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the stock defaults and ours.

        `C` is the inverse strength of regularisation; `sharpness`, the inverse
        of a temperature, stretches the scores before they become shares."""
        return {**LogisticRegressionClassifier.get_default_config(), "class_weight": None, "C": 1.0, "sharpness": 1.0}

    def __init__(self, config: Dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        """Create the classifier; the stock class would weigh all intents alike.

        Most of what strangers type is not about us: with "balanced" weights the
        many examples of out_of_scope count for less than one intent's.
        """
        super().__init__(config, name, model_storage, resource)
        self.clf.class_weight = self.config["class_weight"]
        self.clf.C = float(self.config["C"])

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `intent` and `intent_ranking` on each message and return them."""
        for message in messages:
            ranking = self._ranking(message) if self._has_features(message) else []
            intent = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING, ranking[: self.config[RANKING_LENGTH]], add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> List[Dict[str, Any]]:
        """Return all intents with their confidence, likeliest first."""
        scores = self.clf.decision_function(self._create_X([message]))[0] * float(self.config["sharpness"])
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        order = np.argsort(-shares)
        return [{"name": str(self.clf.classes_[one]), "confidence": float(shares[one])} for one in order]

    @staticmethod
    def _has_features(message: Message) -> bool:
        text = (message.get(TEXT) or "").strip()
        # Punctuation and emoji have features too, but say nothing.
        if not any(one.isalnum() for one in text) or text.startswith(INTENT_MESSAGE_PREFIX):
            return False
        sparse = message.get_sparse_features(attribute=TEXT)[1]
        return bool(sparse is not None and sparse.features.nnz)
