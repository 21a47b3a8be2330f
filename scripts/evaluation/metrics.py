"""The metrics and their confidence intervals; independent of Rasa."""

from __future__ import annotations

import collections
import dataclasses
from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

OUT_OF_SCOPE = "out_of_scope"
ALARMS = ("report_", "ask_")
"""Intents that take a message for a complaint or a question."""
KINDS = ("complaint", "question", "case and talk", OUT_OF_SCOPE)
BINS = 10
RESAMPLES = 1000
SEED = 20261124

Interval = Tuple[float, float]
Counts = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Prediction:
    """A labelled example, the classifier's first intent, its confidence, and the answer after the fallback.

    `ranking` holds the first few intents, likeliest first; it may be empty.
    """

    label: str
    top: Optional[str]
    confidence: float
    answer: Optional[str]
    ranking: Tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """True where the classifier's first intent is the label."""
        return self.top == self.label


@dataclasses.dataclass(frozen=True)
class Share:
    """`hits` of `total`, with the Wilson interval of 95 %."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share itself; 0 where `total` is 0."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> Interval:
        """The 95 % interval (Wilson)."""
        if not self.total:
            return (0.0, 1.0)
        found = binomtest(self.hits, self.total).proportion_ci(confidence_level=0.95, method="wilson")
        return (float(found.low), float(found.high))


@dataclasses.dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of one intent or entity, from true and false positives and misses."""

    right: int
    wrong: int
    missed: int

    @property
    def support(self) -> int:
        """How many there were to find."""
        return self.right + self.missed

    @property
    def precision(self) -> float:
        """Of those found, the share that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """The share found of those there were to find."""
        return self.right / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 0.0


@dataclasses.dataclass(frozen=True)
class Bin:
    """One bin of confidence: its borders, how many predictions it holds, their mean confidence and accuracy."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclasses.dataclass(frozen=True)
class AtThreshold:
    """What happens if answers below `threshold` are refused.

    `coverage`: share of in-scope examples answered; `accuracy`: share of those
    that is right; `kept`: share of all right in-scope answers that is kept;
    `false_alarms`: share of out-of-scope examples answered with a `report_` or
    `ask_` intent.
    """

    threshold: float
    coverage: float
    accuracy: float
    kept: float
    false_alarms: float


def accuracy(predictions: Sequence[Prediction]) -> Share:
    """Return the share of predictions whose first intent is right."""
    return Share(sum(prediction.is_right for prediction in predictions), len(predictions))


def among_first(predictions: Sequence[Prediction], count: int) -> Share:
    """Return the share of labels that are among the first `count` of the ranking."""
    return Share(sum(prediction.label in prediction.ranking[:count] for prediction in predictions), len(predictions))


def intent_scores(predictions: Sequence[Prediction]) -> Dict[str, Score]:
    """Return the score of each intent that is a label, counting the classifier's first intent."""
    right = collections.Counter(prediction.label for prediction in predictions if prediction.is_right)
    wrong = collections.Counter(prediction.top for prediction in predictions if not prediction.is_right)
    missed = collections.Counter(prediction.label for prediction in predictions if not prediction.is_right)
    return {
        name: Score(right[name], wrong[name], missed[name])
        for name in sorted({prediction.label for prediction in predictions})
    }


def macro_f1(predictions: Sequence[Prediction]) -> float:
    """Return the mean F1 over the intents that are labels."""
    scores = intent_scores(predictions)
    return sum(score.f1 for score in scores.values()) / len(scores) if scores else 0.0


def macro_f1_interval(predictions: Sequence[Prediction], resamples: int = RESAMPLES) -> Interval:
    """Return the 95 % interval of the macro F1, from resampled examples (bootstrap percentiles)."""
    names = sorted({prediction.label for prediction in predictions})
    place = {name: number for number, name in enumerate(names)}
    labels = np.array([place[prediction.label] for prediction in predictions])
    tops = np.array([place.get(prediction.top or "", len(names)) for prediction in predictions])
    random = np.random.default_rng(SEED)
    values = []
    for _ in range(resamples):
        chosen = random.integers(0, len(labels), len(labels))
        drawn, guessed = labels[chosen], tops[chosen]
        right = np.bincount(drawn[drawn == guessed], minlength=len(names) + 1)[:-1]
        both = (np.bincount(drawn, minlength=len(names) + 1) + np.bincount(guessed, minlength=len(names) + 1))[:-1]
        present = np.bincount(drawn, minlength=len(names)) > 0
        values.append(float(np.mean(2 * right[present] / both[present])))
    low, high = np.percentile(values, [2.5, 97.5])
    return (float(low), float(high))


def reliability(predictions: Sequence[Prediction], bins: int = BINS) -> List[Bin]:
    """Return `bins` bins of equal width over the confidence of the first intent, including empty ones."""
    found = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [
            prediction for prediction in predictions if min(int(prediction.confidence * bins), bins - 1) == number
        ]
        count = len(inside)
        confidence = sum(prediction.confidence for prediction in inside) / count if count else 0.0
        found.append(Bin(low, high, count, confidence, accuracy(inside).value))
    return found


def calibration_error(predictions: Sequence[Prediction], bins: int = BINS) -> float:
    """Return the expected calibration error: |confidence - accuracy| of each bin, weighted by its count."""
    if not predictions:
        return 0.0
    parts = (bucket.count * abs(bucket.confidence - bucket.accuracy) for bucket in reliability(predictions, bins))
    return sum(parts) / len(predictions)


def is_alarm(intent: Optional[str]) -> bool:
    """Tell whether `intent` takes the message for a complaint or a question."""
    return bool(intent) and str(intent).startswith(ALARMS)


def false_alarms(predictions: Sequence[Prediction]) -> Share:
    """Return the share of out-of-scope examples whose answer, after the fallback, is an alarm."""
    outside = [prediction for prediction in predictions if prediction.label == OUT_OF_SCOPE]
    return Share(sum(is_alarm(prediction.answer) for prediction in outside), len(outside))


def threshold_curve(predictions: Sequence[Prediction], thresholds: Sequence[float]) -> List[AtThreshold]:
    """Return the effect of each of `thresholds` on the first intent's confidence."""
    inside = [prediction for prediction in predictions if prediction.label != OUT_OF_SCOPE]
    outside = [prediction for prediction in predictions if prediction.label == OUT_OF_SCOPE]
    right = sum(prediction.is_right for prediction in inside)
    curve = []
    for threshold in thresholds:
        answered = [prediction for prediction in inside if prediction.confidence >= threshold]
        kept = sum(prediction.is_right for prediction in answered)
        alarms = sum(prediction.confidence >= threshold and is_alarm(prediction.top) for prediction in outside)
        curve.append(
            AtThreshold(
                threshold,
                Share(len(answered), len(inside)).value,
                Share(kept, len(answered)).value,
                Share(kept, right).value,
                Share(alarms, len(outside)).value,
            )
        )
    return curve


def false_alarms_at_kept(predictions: Sequence[Prediction], kept: float = 0.9) -> float:
    """Return the false-alarm rate at the highest threshold that keeps the share `kept` of right in-scope answers.

    It serves to compare models whose confidences mean different things.
    """
    right = sorted(
        (
            prediction.confidence
            for prediction in predictions
            if prediction.is_right and prediction.label != OUT_OF_SCOPE
        ),
        reverse=True,
    )
    if not right:
        return 0.0
    threshold = right[min(len(right) - 1, int(np.ceil(kept * len(right))) - 1)]
    return threshold_curve(predictions, [threshold])[0].false_alarms


def confusion(predictions: Sequence[Prediction], names: Sequence[str]) -> Counts:
    """Return how often the row's label got the column's intent as the first, both in the order of `names`."""
    place = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)), dtype=np.int64)
    for prediction in predictions:
        if prediction.label in place and prediction.top in place:
            matrix[place[prediction.label], place[str(prediction.top)]] += 1
    return matrix


def confused_pairs(predictions: Sequence[Prediction], limit: int = 40) -> List[Tuple[str, str, int, int]]:
    """Return (label, mistaken for, times, examples of the label) for the `limit` most frequent confusions."""
    support = collections.Counter(prediction.label for prediction in predictions)
    pairs = collections.Counter(
        (prediction.label, str(prediction.top)) for prediction in predictions if not prediction.is_right
    )
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(label, top, times, support[label]) for (label, top), times in ordered[:limit]]


def kind_of(intent: str) -> str:
    """Return which of `KINDS` an intent is."""
    if intent == OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    if intent.startswith("report_"):
        return KINDS[0]
    return KINDS[1] if intent.startswith("ask_") or intent == "verify_contact" else KINDS[2]


def in_groups(names: Sequence[str]) -> List[List[str]]:
    """Return the intents `names` grouped by kind, in the order of `KINDS`, each group sorted."""
    found = [[name for name in sorted(names) if kind_of(name) == kind] for kind in KINDS]
    return [group for group in found if group]
