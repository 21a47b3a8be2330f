"""Logistic regression for many labels at once, of which an example may leave some open.

Each label has weights of its own; what an example does not tell of a label counts
for nothing there. The sum of all losses is minimised together (L-BFGS), which
takes seconds where one regression after the other takes minutes.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
from typing import Dict, Mapping, Sequence, Tuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

Array = npt.NDArray[np.float32]
_ARRAYS, _LABELS = "labels.npz", "labels.json"


@dataclasses.dataclass(frozen=True)
class MultiLabelModel:
    """Weights (features x labels) and biases; `slopes` stretch the scores so that they are probabilities."""

    labels: Tuple[str, ...]
    weights: Array
    bias: Array
    slopes: Array

    def scores(self, features: Array) -> Array:
        """Return the log-odds of each label (column) for each row of `features`."""
        return np.asarray((features @ self.weights + self.bias) * self.slopes, np.float32)

    def probabilities(self, features: Array) -> Array:
        """Return the probability of each label (column) for each row of `features`."""
        return np.asarray(expit(self.scores(features)), np.float32)

    def calibrated(self, features: Array, holds: Array, known: Array) -> MultiLabelModel:
        """Return the model with the slope for each family of labels that fits examples which it has not learned.

        A family is what stands before the colon of a label: single labels have too few examples for a slope.
        """
        scores = features @ self.weights + self.bias
        families = np.array([label.split(":")[0] for label in self.labels])
        slopes = np.ones(len(self.labels), np.float32)
        for family in sorted(set(families)):
            columns = families == family
            slopes[columns] = _slope(scores[:, columns], holds[:, columns], known[:, columns])
        return dataclasses.replace(self, slopes=slopes)

    def save(self, directory: pathlib.Path) -> None:
        """Write the model into the existing `directory`."""
        np.savez(directory / _ARRAYS, weights=self.weights, bias=self.bias, slopes=self.slopes)
        (directory / _LABELS).write_text(json.dumps(self.labels), encoding="utf-8")

    @classmethod
    def load(cls, directory: pathlib.Path) -> MultiLabelModel:
        """Return the model that `save` wrote. Raises `FileNotFoundError` where there is none."""
        labels = tuple(json.loads((directory / _LABELS).read_text(encoding="utf-8")))
        with np.load(directory / _ARRAYS, allow_pickle=False) as stored:
            return cls(labels, stored["weights"], stored["bias"], stored["slopes"])


def fit(
    features: Array, holds: Array, known: Array, labels: Sequence[str], strength: Mapping[str, float], rounds: int
) -> MultiLabelModel:
    """Return the regression of `labels` (columns of `holds`, and of `known`: 1 where it is known) on `features`.

    `strength` is scikit-learn's C for each family of labels (what stands before the colon), "" for all others.
    """
    width = features.shape[1]
    count = len(labels)
    keep = np.array([strength.get(label.split(":")[0], strength[""]) for label in labels])
    weights = np.zeros((width + 1, count))
    # A bias at the share of each label: what is rare starts as rare.
    share = ((holds * known).sum(axis=0) + 0.5) / (known.sum(axis=0) + 1)
    weights[-1] = np.log(share / (1 - share))

    def loss(flat: npt.NDArray[np.float64]) -> Tuple[float, npt.NDArray[np.float64]]:
        at = flat.reshape(width + 1, count)
        scores = features @ at[:-1].astype(np.float32) + at[-1].astype(np.float32)
        errors = (expit(scores) - holds) * known
        lost = (np.logaddexp(0, scores) - holds * scores) * known
        slope = np.vstack([features.T @ errors + at[:-1] / keep, errors.sum(axis=0)])
        return float(lost.sum() + 0.5 * (at[:-1] ** 2 / keep).sum()), slope.ravel().astype(np.float64)

    found = minimize(loss, weights.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 20})
    best = found.x.reshape(width + 1, count).astype(np.float32)
    return MultiLabelModel(tuple(labels), best[:-1], best[-1], np.ones(count, np.float32))


def _slope(scores: Array, holds: Array, known: Array) -> float:
    """Return the factor of `scores` under which `holds` are likeliest (temperature scaling, Guo et al. 2017)."""
    candidates = np.geomspace(0.3, 3, 61)
    lost = [float(((np.logaddexp(0, scores * c) - holds * scores * c) * known).sum()) for c in candidates]
    return float(candidates[int(np.argmin(lost))])


Families = Mapping[str, Mapping[str, float]]
"""Family of labels -> label -> probability."""


def mean(one: Mapping[str, float], other: Mapping[str, float]) -> Dict[str, float]:
    """Return the mean of two probabilities of each label."""
    return {name: (one[name] + other[name]) / 2 for name in one}


def by_family(labels: Sequence[str], values: Array) -> Dict[str, Dict[str, float]]:
    """Return for each family its labels' values, by their names without it; a label of no family is one by itself."""
    found: Dict[str, Dict[str, float]] = {}
    for label, value in zip(labels, values.tolist(), strict=True):
        family, _, name = label.partition(":")
        found.setdefault(family, {})[name or family] = float(value)
    return found
