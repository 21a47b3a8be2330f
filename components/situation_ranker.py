"""Which situations a message tells: several may be, and each has its own confidence.

An intent classifier divides one certainty among all intents, so of
"质量差，退款又被拒，客服还骂人" it can be sure of one trouble at most. Here each
`report_` intent is looked for in the whole message and in each of its clauses,
by the sentence's meaning and by the cues of `knowledge/`; what was found is
turned into the probability that the trouble is told at all, by isotonic
regression on messages composed of held-back examples.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import random
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from components.cue_featurizer import CUE_COUNTS
from components.logistic_regression import INTENT_RANKING, SEED, shares
from components.sentence_encoder import encode_cached, is_readable, kept_vector, open_encoder, prepare
from weiquan.facts.knowledge import knowledge
from weiquan.language.clauses import clauses
from weiquan.reading.cues import cue_counts, situation_hits
from weiquan.reading.situations import NOT_REPORTS, REPORT, situations_told

logger = logging.getLogger(__name__)

SITUATIONS, SITUATION_RANKING = "situations", "situation_ranking"
CUE_FLOOR, CUE_BONUS = 0.3, 0.03
"""A trouble named by its words counts at least so much, and a little more for each cue."""
COMPOSED = {0: 250, 1: 350, 2: 400}
"""Number of troubles in a composed message -> how many messages are composed."""
TOP = 3

Matrix = npt.NDArray[np.float64]


def is_report(intent: Optional[str]) -> bool:
    """Tell whether `intent` tells a trouble."""
    return bool(intent) and str(intent).startswith(REPORT) and intent not in NOT_REPORTS


@dataclasses.dataclass(frozen=True)
class Ranker:
    """Logistic regression over all intents; for the `report_` ones the curve from its scores to probabilities."""

    intents: Tuple[str, ...]
    weights: Matrix
    bias: Matrix
    scores: Matrix
    probabilities: Matrix

    def shares_of(self, features: Matrix) -> Matrix:
        """Return for each row of `features` the share of each of `reports`."""
        kept = np.array([is_report(one) for one in self.intents])
        return shares(features @ self.weights.T + self.bias, 1.0)[:, kept]

    @property
    def reports(self) -> List[str]:
        """The `report_` intents, in the order of `shares_of`."""
        return [one for one in self.intents if is_report(one)]

    def probability(self, score: float) -> float:
        """Return the probability that a trouble with this score is told."""
        return float(np.interp(score, self.scores, self.probabilities))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SituationRanker(GraphComponent):
    """Adds `situations` and `situation_ranking` to a message, and orders the runners-up of its ranking.

    `situation_ranking` holds each `report_` intent with the probability that
    the message tells it, likeliest first. `situations` holds those of at least
    `threshold`, each with the situation of `knowledge/` that it is, in the
    order in which they should be handled. In `intent_ranking` the `report_`
    intents behind the first place stand in the order of `situation_ranking`
    too (the shares themselves stay): an operator finds there what Rasa's own
    tools read.
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Return what must stand before it."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults; `encoder` is that of the SentenceEncoderFeaturizer."""
        return {
            "encoder": "use",
            "sentence_scale": 16.0,
            "cue_scale": 8.0,
            "C": 0.02,
            "max_iter": 60,
            "threshold": 0.5,
            "ranking_length": 10,
        }

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raise `ValueError` for a threshold outside 0 to 1."""
        if not 0 < float(config.get("threshold", 0.5)) < 1:
            raise ValueError("SituationRanker: threshold must be between 0 and 1")

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        ranker: Optional[Ranker] = None,
    ) -> None:
        """Open the encoder that the config names. Raises `EncoderError`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._ranker = ranker
        self._encoder = open_encoder(str(config["encoder"]))

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SituationRanker:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the situations and the curve of their probabilities; keep both in the model."""
        examples = [one for one in training_data.intent_examples if is_readable(one.get(TEXT))]
        texts = [str(one.get(TEXT)) for one in examples]
        labels = np.array([str(one.get(INTENT)) for one in examples])
        if len(set(filter(is_report, labels))) < 2:
            return self._resource
        features = self._features(texts)
        learnt, held = train_test_split(np.arange(len(texts)), test_size=0.2, random_state=SEED, stratify=labels)
        trial = self._fit(features[learnt], labels[learnt])
        curve = self._calibrate(trial, [texts[one] for one in held], [str(labels[one]) for one in held])
        final = self._fit(features, labels)
        self._ranker = dataclasses.replace(final, scores=curve[0], probabilities=curve[1])
        self._persist()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone: nothing behind it in training reads situations."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the situations to `messages` in place and return them."""
        for message in messages:
            text = message.get(TEXT)
            ranking = message.get(INTENT_RANKING) or []
            if self._ranker is None or not is_readable(text) or not ranking:
                continue
            hits = situation_hits(str(text), knowledge())
            scores = self._score(self._ranker, self._rows(message, str(text)), hits)
            order = sorted(scores, key=lambda one: -scores[one])
            told = {name: round(self._ranker.probability(scores[name]), 4) for name in order}
            message.set(
                SITUATION_RANKING, [{"name": one, "confidence": told[one]} for one in order], add_to_output=True
            )
            message.set(SITUATIONS, self._told(str(text), told, hits), add_to_output=True)
            message.set(INTENT_RANKING, self._reordered(ranking, order), add_to_output=True)
        return messages

    def _told(self, text: str, told: Mapping[str, float], hits: Mapping[str, int]) -> List[Dict[str, Any]]:
        """Return the likely situations in the order of handling; `hits` are the cues in `text`."""
        likely = [one for one, confidence in told.items() if confidence >= float(self._config["threshold"])]
        facts = knowledge()
        return [
            {"situation": one, "intent": facts.situations[one].intent, "confidence": told[facts.situations[one].intent]}
            for one in situations_told(text, likely, facts, hits)
        ]

    def _reordered(self, ranking: List[Dict[str, Any]], order: Sequence[str]) -> List[Dict[str, Any]]:
        """Return `ranking`, cut, with the `report_` intents behind its first place in `order`.

        The likeliest situations stay, however short it is cut.
        """
        places = [place for place, one in enumerate(ranking) if place and is_report(one["name"])]
        present = {ranking[place]["name"] for place in places}
        names = [one for one in order if one in present]
        new = [dict(one) for one in ranking]
        for place, name in zip(places, names, strict=True):
            new[place]["name"] = name
        length = int(self._config["ranking_length"]) or len(new)
        return [one for place, one in enumerate(new) if place < length or one["name"] in order[:TOP]]

    def _rows(self, message: Message, text: str) -> Matrix:
        """Return the features of `text` and of each part of it.

        Those of the whole are taken from the featurizers where they left them: encoding is most of a parse.
        """
        kept, known = kept_vector(message, self._encoder), message.get(CUE_COUNTS)
        vector = self._encoder.encode([prepare(text)])[0] if kept is None else kept
        whole = self._scaled([vector], [known or cue_counts(text, knowledge())])
        parts = _parts(text)
        if not parts:
            return whole
        vectors = self._encoder.encode([prepare(one) for one in parts])
        return np.vstack([whole, self._scaled(vectors, [cue_counts(one, knowledge()) for one in parts])])

    def _features(self, texts: Sequence[str]) -> Matrix:
        """Return one row a text, in training."""
        vectors = encode_cached(self._encoder, [prepare(one) for one in texts])
        return self._scaled(vectors, [cue_counts(one, knowledge()) for one in texts])

    def _scaled(self, vectors: Any, cues: Sequence[Sequence[int]]) -> Matrix:
        """Return one row a text: its sentence vector and its cues, scaled."""
        scaled = np.asarray(vectors) * float(self._config["sentence_scale"])
        return np.hstack([scaled, np.array(cues, dtype=np.float64) * float(self._config["cue_scale"])])

    def _score(self, ranker: Ranker, rows: Matrix, hits: Mapping[str, int]) -> Dict[str, float]:
        """Return the score of each `report_` intent: the highest share in `rows`, those of a text and its parts.

        A trouble named by its words (`hits`, `weiquan.reading.situation_hits` of
        the text) has a score of its own, whatever the shares.
        """
        best = ranker.shares_of(rows).max(axis=0)
        scores: Dict[str, float] = dict(zip(ranker.reports, best.tolist(), strict=True))
        facts = knowledge()
        for situation, count in hits.items():
            intent = facts.situations[situation].intent
            if intent in scores:
                scores[intent] = max(scores[intent], CUE_FLOOR) + CUE_BONUS * min(count, TOP)
        return scores

    def _fit(self, features: Matrix, labels: npt.NDArray[Any]) -> Ranker:
        regression = LogisticRegression(C=float(self._config["C"]), max_iter=int(self._config["max_iter"]))
        regression.fit(features, labels)
        return Ranker(
            intents=tuple(str(one) for one in regression.classes_),
            weights=regression.coef_,
            bias=regression.intercept_,
            scores=np.array([0.0, 1.0]),
            probabilities=np.array([0.0, 1.0]),
        )

    def _calibrate(self, trial: Ranker, texts: Sequence[str], labels: Sequence[str]) -> Tuple[Matrix, Matrix]:
        """Return (scores, probabilities) of the isotonic curve on messages composed of held-back examples."""
        composed = compose(texts, labels)
        parts = [(text, *_parts(text)) for text, _ in composed]
        rows = self._features([one for group in parts for one in group])
        borders = np.cumsum([len(group) for group in parts])[:-1]
        facts = knowledge()
        scored = [
            self._score(trial, own, situation_hits(text, facts))
            for (text, _), own in zip(composed, np.split(rows, borders), strict=True)
        ]
        scores = [score for one in scored for score in one.values()]
        told = [intent in wanted for one, (_, wanted) in zip(scored, composed, strict=True) for intent in one]
        curve = IsotonicRegression(out_of_bounds="clip").fit(scores, np.array(told, dtype=float))
        logger.info("Calibrated the situations on %d composed messages", len(composed))
        return np.asarray(curve.X_thresholds_), np.asarray(curve.y_thresholds_)

    def _persist(self) -> None:
        assert self._ranker is not None
        with self._model_storage.write_to(self._resource) as directory:
            ranker = dataclasses.asdict(self._ranker)
            intents = ranker.pop("intents")
            np.savez(directory / "ranker.npz", **ranker)
            (directory / "intents.json").write_text(json.dumps(intents), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SituationRanker:
        """Return the trained component; an untrained one where the model holds none."""
        try:
            with model_storage.read_from(resource) as directory:
                intents = tuple(json.loads((directory / "intents.json").read_text(encoding="utf-8")))
                with np.load(directory / "ranker.npz", allow_pickle=False) as stored:
                    ranker = Ranker(intents=intents, **{name: stored[name] for name in stored.files})
                return cls(config, model_storage, resource, ranker)
        except (ValueError, FileNotFoundError):
            logger.warning("The model holds no situation ranker; situations are not ranked.")
            return cls(config, model_storage, resource)


def _parts(text: str) -> List[str]:
    """Return the clauses of `text` and their pairs, each once, without `text` itself."""
    return [one for one in dict.fromkeys(clauses(text)) if one != text]


def compose(texts: Sequence[str], labels: Sequence[str]) -> List[Tuple[str, Tuple[str, ...]]]:
    """Return (message, intents told) for messages of none, one and two troubles, joined from `texts`.

    Always the same ones for the same input.
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
        one, other = chance.choice(reports), chance.choice(reports)
        composed.append((f"{texts[one]},{texts[other]}", tuple({labels[one], labels[other]})))
    return composed
