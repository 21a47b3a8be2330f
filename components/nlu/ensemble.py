"""A logistic regression and small neural networks that decide on the intent together."""

from __future__ import annotations

import logging
from typing import Any, Dict

import numpy as np
import numpy.typing as npt
import scipy.sparse
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from sklearn.linear_model import LogisticRegression

from components.nlu.logistic_regression import SEED, SafeLogisticRegressionClassifier, Scores
from components.nlu.neural_network import run_network, train_network

logger = logging.getLogger(__name__)


def log_shares(scores: npt.ArrayLike) -> Scores:
    """Return the logarithm of the softmax of each row of `scores`."""
    rows = np.asarray(scores, dtype=np.float64)
    lowered = rows - rows.max(axis=-1, keepdims=True)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True)))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EnsembleIntentClassifier(SafeLogisticRegressionClassifier):
    """`SafeLogisticRegressionClassifier` that asks some networks as well.

    Each member says how likely it holds each intent; the logarithms are
    averaged (a geometric mean, or "logarithmic opinion pool"). The regression
    errs less on strangers' messages, the networks less on examples like ours,
    and they seldom err alike. Calibration and expected shares apply to the mean.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults: number of networks, their hidden units and epochs; 0 networks leave the regression."""
        return {
            **SafeLogisticRegressionClassifier.get_default_config(),
            "networks": 2,
            "units": 512,
            "epochs": 20,
        }

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raise `ValueError` for a number below 0 of networks, or below 1 of units or epochs."""
        super().validate_config(config)
        for name, least in (("networks", 0), ("units", 1), ("epochs", 1)):
            if int(config.get(name, least)) < least:
                raise ValueError(f"EnsembleIntentClassifier: {name} must be at least {least}")

    def _learn(self, model: LogisticRegression, features: Any, intents: npt.NDArray[Any]) -> LogisticRegression:
        super()._learn(model, features, intents)
        rows = features.toarray() if scipy.sparse.issparse(features) else features
        classes = np.searchsorted(model.classes_, intents)
        model.networks_ = []  # kept with the model, as scikit-learn's fitted attributes are
        for number in range(int(self.config["networks"])):
            units, epochs = int(self.config["units"]), int(self.config["epochs"])
            model.networks_.append(train_network(rows, classes, len(model.classes_), units, epochs, seed=SEED + number))
            logger.info("Trained network %d of %d", number + 1, int(self.config["networks"]))
        return model

    def _scores(self, model: LogisticRegression, features: Any) -> Scores:
        rows = features.toarray() if scipy.sparse.issparse(features) else features
        regression = super()._scores(model, features)
        if regression.ndim < 2:  # two intents: scikit-learn gives one column
            return regression
        networks = [log_shares(run_network(network, rows)) for network in model.networks_]
        return np.asarray(np.mean([log_shares(regression), *networks], axis=0))
