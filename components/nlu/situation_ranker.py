"""Which situations a message describes: there may be several, each with a confidence of its own.

An intent classifier divides one certainty among all intents, so of
"质量差，退款又被拒，客服还骂人" it can be sure of one trouble at most. Here each
`report_` intent is looked for in the whole message and in each of its clauses,
by the sentence's meaning and by the cues of `knowledge/`; what was found is
turned into the probability that the trouble is told at all (see
`components.nlu.situation_scores`).
"""

from __future__ import annotations

import dataclasses
import logging
from typing import Any, Dict, List, Mapping, Optional, Sequence

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
from sklearn.model_selection import train_test_split

from components.nlu.cue_featurizer import CUE_COUNTS
from components.nlu.logistic_regression import INTENT_RANKING, SEED
from components.nlu.sentence_encoder import encode_cached, is_readable, kept_vector, open_encoder, prepare
from components.nlu.situation_scores import (
    Curve,
    Matrix,
    Ranker,
    compose,
    fit_curve,
    fit_ranker,
    parts_of,
)
from weiquan.facts.knowledge import knowledge
from weiquan.reading.cues import cue_counts, situation_hits
from weiquan.reading.situations import find_situations, is_report

logger = logging.getLogger(__name__)

SITUATIONS, SITUATION_RANKING = "situations", "situation_ranking"
TOP = 3
"""The likeliest situations that stay in the ranking of intents, however short it is cut."""


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
        """Return the components that must precede this one."""
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
        examples = [example for example in training_data.intent_examples if is_readable(example.get(TEXT))]
        texts = [str(example.get(TEXT)) for example in examples]
        labels = np.array([str(example.get(INTENT)) for example in examples])
        if len(set(filter(is_report, labels))) < 2:
            return self._resource
        features = self._features(texts)
        learnt, held = train_test_split(np.arange(len(texts)), test_size=0.2, random_state=SEED, stratify=labels)
        trial = self._fit(features[learnt], labels[learnt])
        curve = self._calibrate(trial, [texts[place] for place in held], [str(labels[place]) for place in held])
        self._ranker = dataclasses.replace(self._fit(features, labels), curve=curve)
        with self._model_storage.write_to(self._resource) as directory:
            self._ranker.save(directory)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the examples unchanged: no later component reads situations in training."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the situations to `messages` in place and return them."""
        for message in messages:
            text = message.get(TEXT)
            ranking = message.get(INTENT_RANKING) or []
            if self._ranker is None or not is_readable(text) or not ranking:
                continue
            hits = situation_hits(str(text), knowledge())
            scores = self._ranker.scores(self._rows(message, str(text)), hits)
            order = sorted(scores, key=lambda intent: -scores[intent])
            confidences = {name: round(self._ranker.curve.probability(scores[name]), 4) for name in order}
            message.set(
                SITUATION_RANKING,
                [{"name": intent, "confidence": confidences[intent]} for intent in order],
                add_to_output=True,
            )
            message.set(SITUATIONS, self._likely(str(text), confidences, hits), add_to_output=True)
            message.set(INTENT_RANKING, self._reordered(ranking, order), add_to_output=True)
        return messages

    def _likely(self, text: str, confidences: Mapping[str, float], hits: Mapping[str, int]) -> List[Dict[str, Any]]:
        """Return the likely situations in the order of handling; `hits` are the cues in `text`."""
        likely = [
            intent for intent, confidence in confidences.items() if confidence >= float(self._config["threshold"])
        ]
        facts = knowledge()
        return [
            {
                "situation": situation,
                "intent": facts.situations[situation].intent,
                "confidence": confidences[facts.situations[situation].intent],
            }
            for situation in find_situations(text, likely, facts, hits)
        ]

    def _reordered(self, ranking: List[Dict[str, Any]], order: Sequence[str]) -> List[Dict[str, Any]]:
        """Return `ranking`, cut, with the `report_` intents behind its first place in `order`.

        The likeliest situations stay, however short it is cut.
        """
        places = [place for place, entry in enumerate(ranking) if place and is_report(entry["name"])]
        present = {ranking[place]["name"] for place in places}
        names = [intent for intent in order if intent in present]
        new = [dict(entry) for entry in ranking]
        for place, name in zip(places, names, strict=True):
            new[place]["name"] = name
        length = int(self._config["ranking_length"]) or len(new)
        return [entry for place, entry in enumerate(new) if place < length or entry["name"] in order[:TOP]]

    def _rows(self, message: Message, text: str) -> Matrix:
        """Return the features of `text` and of each part of it.

        Those of the whole are taken from the featurizers where they left them: encoding is most of a parse.
        """
        kept, known = kept_vector(message, self._encoder), message.get(CUE_COUNTS)
        vector = self._encoder.encode([prepare(text)])[0] if kept is None else kept
        whole = self._scaled([vector], [known or cue_counts(text, knowledge())])
        parts = parts_of(text)
        if not parts:
            return whole
        vectors = self._encoder.encode([prepare(part) for part in parts])
        return np.vstack([whole, self._scaled(vectors, [cue_counts(part, knowledge()) for part in parts])])

    def _features(self, texts: Sequence[str]) -> Matrix:
        """Return one row a text, in training."""
        vectors = encode_cached(self._encoder, [prepare(text) for text in texts])
        return self._scaled(vectors, [cue_counts(text, knowledge()) for text in texts])

    def _scaled(self, vectors: Any, cues: Sequence[Sequence[int]]) -> Matrix:
        """Return one row a text: its sentence vector and its cues, scaled."""
        scaled = np.asarray(vectors) * float(self._config["sentence_scale"])
        return np.hstack([scaled, np.array(cues, dtype=np.float64) * float(self._config["cue_scale"])])

    def _fit(self, features: Matrix, labels: npt.NDArray[Any]) -> Ranker:
        return fit_ranker(features, labels, float(self._config["C"]), int(self._config["max_iter"]))

    def _calibrate(self, trial: Ranker, texts: Sequence[str], labels: Sequence[str]) -> Curve:
        """Return the curve that fits `trial` on messages composed of held-back `texts` with their `labels`."""
        composed = compose(texts, labels)
        parts = [(text, *parts_of(text)) for text, _ in composed]
        rows = self._features([text for group in parts for text in group])
        borders = np.cumsum([len(group) for group in parts])[:-1]
        facts = knowledge()
        scored = [
            trial.scores(own, situation_hits(text, facts))
            for (text, _), own in zip(composed, np.split(rows, borders), strict=True)
        ]
        logger.info("Calibrated the situations on %d composed messages", len(composed))
        return fit_curve(scored, [stated for _, stated in composed])

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
                return cls(config, model_storage, resource, Ranker.load(directory))
        except (ValueError, FileNotFoundError):
            logger.warning("The model holds no situation ranker; situations are not ranked.")
            return cls(config, model_storage, resource)
