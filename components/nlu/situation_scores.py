"""How likely a message describes each trouble: a regression, the cues, and a curve from scores to probabilities.

The curve is an isotonic regression on messages that are composed of held-back
examples, since few examples describe two troubles.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import random
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from components.nlu.logistic_regression import SEED, shares
from weiquan.facts.knowledge import knowledge
from weiquan.language.clauses import clauses
from weiquan.reading.situations import is_report

CUE_FLOOR, CUE_BONUS, MOST_CUES = 0.3, 0.03, 3
"""A trouble named by its words counts at least so much, and a little more for each cue, up to so many."""
COMPOSED = {0: 250, 1: 350, 2: 400}
"""Number of troubles in a composed message -> how many messages are composed."""
_ARRAYS, _INTENTS = "ranker.npz", "intents.json"

Matrix = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Curve:
    """A monotonic curve from scores to probabilities, given by its points."""

    scores: Matrix
    probabilities: Matrix

    def probability(self, score: float) -> float:
        """Return the probability that a trouble with this score is described."""
        return float(np.interp(score, self.scores, self.probabilities))


STRAIGHT = Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
"""The curve of a ranker that was not calibrated: the score itself."""


@dataclasses.dataclass(frozen=True)
class Ranker:
    """Logistic regression over all intents; for the `report_` ones the curve from its scores to probabilities."""

    intents: Tuple[str, ...]
    weights: Matrix
    bias: Matrix
    curve: Curve = STRAIGHT

    @property
    def reports(self) -> List[str]:
        """The `report_` intents, in the order of `shares_of`."""
        return [intent for intent in self.intents if is_report(intent)]

    def shares_of(self, features: Matrix) -> Matrix:
        """Return for each row of `features` the share of each of `reports`."""
        kept = np.array([is_report(intent) for intent in self.intents])
        return shares(features @ self.weights.T + self.bias, 1.0)[:, kept]

    def scores(self, rows: Matrix, hits: Mapping[str, int]) -> Dict[str, float]:
        """Return the score of each `report_` intent: the highest share in `rows`, those of a text and its parts.

        A trouble named by its words (`hits`, `weiquan.reading.cues.situation_hits`
        of the text) has a score of its own, whatever the shares.
        """
        best = self.shares_of(rows).max(axis=0)
        found: Dict[str, float] = dict(zip(self.reports, best.tolist(), strict=True))
        facts = knowledge()
        for situation, count in hits.items():
            intent = facts.situations[situation].intent
            if intent in found:
                found[intent] = max(found[intent], CUE_FLOOR) + CUE_BONUS * min(count, MOST_CUES)
        return found

    def save(self, directory: pathlib.Path) -> None:
        """Write the ranker into the existing `directory`."""
        arrays = {"weights": self.weights, "bias": self.bias, **vars(self.curve)}
        np.savez(directory / _ARRAYS, **arrays)
        (directory / _INTENTS).write_text(json.dumps(self.intents), encoding="utf-8")

    @classmethod
    def load(cls, directory: pathlib.Path) -> Ranker:
        """Return the ranker that `save` wrote into `directory`. Raises `FileNotFoundError` where there is none."""
        intents = tuple(json.loads((directory / _INTENTS).read_text(encoding="utf-8")))
        with np.load(directory / _ARRAYS, allow_pickle=False) as stored:
            curve = Curve(stored["scores"], stored["probabilities"])
            return cls(intents, stored["weights"], stored["bias"], curve)


def fit_ranker(features: Matrix, labels: npt.NDArray[Any], strength: float, rounds: int) -> Ranker:
    """Return a ranker, not calibrated yet, for examples with a row of `features` and an intent in `labels` each.

    `strength` is the inverse strength of regularisation, `rounds` the maximum number of iterations.
    """
    regression = LogisticRegression(C=strength, max_iter=rounds)
    regression.fit(features, labels)
    return Ranker(tuple(str(intent) for intent in regression.classes_), regression.coef_, regression.intercept_)


def fit_curve(scored: Sequence[Mapping[str, float]], stated: Sequence[Sequence[str]]) -> Curve:
    """Return the curve that fits messages with the scores `scored` (by intent), each with the intents `stated`."""
    scores = [score for by_intent in scored for score in by_intent.values()]
    is_stated = [intent in wanted for by_intent, wanted in zip(scored, stated, strict=True) for intent in by_intent]
    curve = IsotonicRegression(out_of_bounds="clip").fit(scores, np.array(is_stated, dtype=float))
    return Curve(np.asarray(curve.X_thresholds_), np.asarray(curve.y_thresholds_))


def parts_of(text: str) -> List[str]:
    """Return the clauses of `text` and their pairs, each once, without `text` itself."""
    return [clause for clause in dict.fromkeys(clauses(text)) if clause != text]


def compose(texts: Sequence[str], labels: Sequence[str]) -> List[Tuple[str, Tuple[str, ...]]]:
    """Return (message, intents stated) for messages of none, one and two troubles, joined from `texts`.

    `labels` are the intents of `texts`. The same input always gives the same messages.
    """
    chance = random.Random(SEED)
    reports = [place for place, label in enumerate(labels) if is_report(label)]
    others = [place for place, label in enumerate(labels) if not is_report(label)]
    composed: List[Tuple[str, Tuple[str, ...]]] = []
    for place in chance.sample(others, min(COMPOSED[0], len(others))):
        composed.append((texts[place], ()))
    for place in chance.sample(reports, min(COMPOSED[1], len(reports))):
        composed.append((texts[place], (labels[place],)))
    while reports and len(composed) < sum(COMPOSED.values()):
        first, second = chance.choice(reports), chance.choice(reports)
        composed.append((f"{texts[first]},{texts[second]}", tuple({labels[first], labels[second]})))
    return composed
