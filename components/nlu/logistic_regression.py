"""Rasa's logistic regression, safe for messages without any feature, with calibrated confidence."""

from __future__ import annotations

import collections
import logging
import math
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import numpy.typing as npt
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.constants import RANKING_LENGTH
from scipy.optimize import minimize_scalar
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from components.nlu.held_back import HELD_BACK
from components.open_case import case_is_open
from weiquan.language.normalisation import without_numbers

logger = logging.getLogger(__name__)

INTENT_RANKING = "intent_ranking"
IN_CASE = "expected_shares_in_case"
SEED = 20261124
SHARPEST = 8.0
DENSE = 0.5
"""Share of figures other than 0 from which on a matrix is not kept as a sparse one."""
FEWEST_TO_CALIBRATE = 10
"""Examples an intent needs on average before some are held back."""

Scores = npt.NDArray[np.float64]


def shares(scores: Scores, sharpness: float) -> Scores:
    """Return the softmax of each row of `scores` times `sharpness`."""
    stretched = scores * sharpness
    powers = np.exp(stretched - stretched.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def prior_shift(classes: Sequence[str], intents: Sequence[str], expected: Mapping[str, float]) -> Scores:
    """Return what to add to the scores of `classes` so that they fit the `expected` shares of kinds of message.

    Training data hold as many examples of a kind as it needs, not as many as
    people send. The correction is the logarithm of expected share / share in
    `intents` (Saerens et al., "Adjusting the outputs of a classifier to new a
    priori probabilities", Neural Computation 14, 2002). A class belongs to the
    longest key of `expected` that its name starts with; without one it stays.
    """

    def kind(name: str) -> Optional[str]:
        return max((prefix for prefix in expected if name.startswith(prefix)), key=len, default=None)

    counts = collections.Counter(kind(str(intent)) for intent in intents)
    total = sum(expected.values())
    return np.array(
        [
            0.0 if (own := kind(str(label))) is None else math.log(expected[own] / total / (counts[own] / len(intents)))
            for label in classes
        ]
    )


def find_sharpness(
    scores: Scores,
    right: Sequence[int],
    shift: Optional[Scores] = None,
    weights: Optional[Scores] = None,
) -> float:
    """Return the inverse temperature that makes the classes `right` (column numbers) likeliest.

    Temperature scaling after Guo et al., "On Calibration of Modern Neural
    Networks" (ICML 2017): one figure for all classes. `shift` is added to the
    scores, and each row counts by its `weights`, so that the figure fits the
    mixture of messages that is expected rather than that of the examples.
    """

    def loss(sharpness: float) -> float:
        stretched = scores * sharpness + (0.0 if shift is None else shift)
        chosen = shares(stretched, 1.0)[np.arange(len(right)), right]
        return float(np.average(-np.log(np.maximum(chosen, 1e-12)), weights=weights))

    return float(minimize_scalar(loss, bounds=(1 / SHARPEST, SHARPEST), method="bounded").x)


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

        `C` is the inverse strength of regularisation. `held_back` lets the
        confidence be calibrated on the examples that the encoder has not seen
        either (`components.nlu.held_back`); the classifier itself learns from
        all in the end. `expected_shares` says of which kinds of message (beginnings of
        intent names; "" for all others) how many are expected in use,
        `expected_shares_in_case` how many once a case is open (none given: the
        same). The sharpness found is multiplied by `stretch`: examples that are
        hard on purpose make it too modest for what people send.
        """
        return {
            **LogisticRegressionClassifier.get_default_config(),
            "class_weight": None,
            "C": 1.0,
            "held_back": True,
            "expected_shares": {},
            "expected_shares_in_case": {},
            "stretch": 1.0,
        }

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raise `ValueError` for expected shares, or a stretch, that are not above 0."""
        for name in ("expected_shares", IN_CASE):
            if any(not float(share) > 0 for share in (config.get(name) or {}).values()):
                raise ValueError(f"SafeLogisticRegressionClassifier: each of {name} must be above 0")
        if not float(config.get("stretch", 1)) > 0:
            raise ValueError("SafeLogisticRegressionClassifier: stretch must be above 0")

    def __init__(self, config: Dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        """Create the classifier; the stock class would weigh all intents alike.

        Most of what strangers type is not about us: with "balanced" weights the
        many examples of out_of_scope count for less than one intent's.
        """
        super().__init__(config, name, model_storage, resource)
        self.clf.class_weight = self.config["class_weight"]
        self.clf.C = float(self.config["C"])

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier to all examples, its confidence to those held back before."""
        features, intents = self._create_training_matrix(training_data)
        if not intents:
            return self._resource
        if features.nnz > DENSE * features.shape[0] * features.shape[1]:
            features = features.toarray()  # many times faster to learn from
        held = [bool(example.get(HELD_BACK)) for example in training_data.intent_examples if example.get(TEXT)]
        sharpness = self._calibrate(features, np.array(intents), np.array(held)) * float(self.config["stretch"])
        self._learn(self.clf, features, np.array(intents))
        self.clf.shift_ = self._shift(self.clf.classes_, intents)
        self.clf.case_shift_ = self._shift(self.clf.classes_, intents, IN_CASE)
        self.clf.sharpness_ = sharpness  # kept with the model, as scikit-learn's fitted attributes are
        self.persist()
        return self._resource

    def _learn(self, model: LogisticRegression, features: Any, intents: npt.NDArray[Any]) -> LogisticRegression:
        """Fit `model` to `features` and `intents`; return it."""
        return model.fit(features, intents)

    def _scores(self, model: LogisticRegression, features: Any) -> Scores:
        """Return a score for each class (column) of each row of `features`; one column where there are two classes."""
        return np.asarray(model.decision_function(features))

    def _shift(self, classes: Sequence[str], intents: Sequence[str], name: str = "expected_shares") -> Scores:
        wanted = self.config[name] or self.config["expected_shares"]
        return prior_shift(classes, intents, {str(kind): float(share) for kind, share in wanted.items()})

    def _calibrate(self, features: Any, intents: npt.NDArray[Any], is_held: npt.NDArray[Any]) -> float:
        """Return the sharpness found on held-back examples, 1 where there are too few."""
        kinds = len(set(intents))
        if not self.config["held_back"] or kinds < 2 or len(intents) < kinds * FEWEST_TO_CALIBRATE:
            return 1.0
        learnt, held = np.flatnonzero(~is_held), np.flatnonzero(is_held)
        if set(intents[held]) - set(intents[learnt]) or not len(held):
            return 1.0
        trial = self._learn(clone(self.clf), features[learnt], intents[learnt])
        scores = np.atleast_2d(self._scores(trial, features[held]))
        if scores.shape[0] != len(held):  # two intents: scikit-learn gives one column
            return 1.0
        right = np.searchsorted(trial.classes_, intents[held])
        shift = self._shift(trial.classes_, intents[learnt])
        sharpness = find_sharpness(scores, right, shift, np.exp(shift)[right])
        logger.info(
            "Calibrated on %d held-back examples: accuracy %.3f, sharpness %.2f",
            len(held),
            float((scores.argmax(axis=1) == right).mean()),
            sharpness,
        )
        return sharpness

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `intent` and `intent_ranking` on each message and return them."""
        length = int(self.config[RANKING_LENGTH]) or None
        for message in messages:
            ranking = self._ranking(message) if self._has_features(message) else []
            intent = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING, ranking[:length], add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> List[Dict[str, Any]]:
        """Return all intents with their confidence, likeliest first."""
        features = self._row(message)
        if len(self.clf.classes_) == 2:
            confidences = self.clf.predict_proba(features)[0]
        else:
            shift = self.clf.case_shift_ if case_is_open() else self.clf.shift_
            scores = self._scores(self.clf, features)[0] * self.clf.sharpness_ + shift
            confidences = shares(scores, 1.0)
        order = np.argsort(-confidences)
        return [{"name": str(self.clf.classes_[place]), "confidence": float(confidences[place])} for place in order]

    @staticmethod
    def _row(message: Message) -> Scores:
        """Return the features of one message in one row: the sparse ones, then the dense ones, as in training.

        Rasa's `_create_X` builds four sparse matrices, which takes longer than the classifier.
        """
        sparse = message.get_sparse_features(attribute=TEXT)[1]
        dense = message.get_dense_features(attribute=TEXT)[1]
        parts = [sparse.features.toarray()] if sparse is not None else []
        parts += [np.atleast_2d(dense.features)] if dense is not None else []
        return np.hstack(parts)

    @staticmethod
    def _has_features(message: Message) -> bool:
        text = (message.get(TEXT) or "").strip()
        # Punctuation, emoji and bare numbers have features too, but say nothing.
        if not any(character.isalnum() for character in without_numbers(text)) or text.startswith(
            INTENT_MESSAGE_PREFIX
        ):
            return False
        sparse = message.get_sparse_features(attribute=TEXT)[1]
        dense = message.get_dense_features(attribute=TEXT)[1]
        return dense is not None or bool(sparse is not None and sparse.features.nnz)
