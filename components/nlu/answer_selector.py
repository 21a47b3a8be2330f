"""Which fine question a message asks: one of the records in `knowledge/answers/`, or none of them.

Rasa's `ResponseSelector` chooses among responses that stand in the domain and trains
a network for each retrieval intent. Here the answers are facts with sources, and the
sentence vectors are at hand: one multinomial regression over all of them takes
seconds. An example names its answer in its metadata (`answers:`).
"""

from __future__ import annotations

import json
import logging
import pathlib
import zlib
from typing import Any, Dict, List, Optional, Sequence, Tuple

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
from scipy.optimize import minimize

from components.nlu.labels import answer_of
from components.nlu.logistic_regression import shares
from components.nlu.sentence_encoder import encode_cached, is_readable, open_encoder, prepare, vectors_of
from weiquan.language.clauses import split
from weiquan.reading.requests import is_asking

logger = logging.getLogger(__name__)

ANSWERS, ASKS, BESIDES = "answers", "asks_fine_question", "answers_besides"
"""Properties of a message that was read: the answers that it may ask for, likeliest first, each with its share among
all answers; the probability that it asks for any; and the answers to further questions in it, of which it is sure."""
NONE, NONE_PLACE = "", 0
"""The class of what asks for no answer, and its place among the classes."""
_ARRAYS, _CLASSES = "selector.npz", "selector.json"
_MOST = 5
_WORTH_KEEPING = 0.05
_ROUNDS = 150
_SURE_ALONE = 0.6
"""Share, and probability of asking, from which on a clause by itself asks a question of its own."""

Array = npt.NDArray[np.float32]


def fit(features: Array, classes: npt.NDArray[np.int64], count: int, strength: float) -> Array:
    """Return weights (features + 1 for the bias, `count` classes) of a multinomial logistic regression.

    `classes` holds the class of each row of `features`; `strength` is scikit-learn's C, whose solver takes minutes for
    hundreds of classes in 64 bits.
    """
    rows, width = features.shape

    def loss(flat: npt.NDArray[np.float64]) -> Tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(width + 1, count).astype(np.float32)
        errors = shares(features @ weights[:-1] + weights[-1], 1.0)
        lost = -np.log(errors[np.arange(rows), classes] + 1e-12).sum() + 0.5 / strength * (weights[:-1] ** 2).sum()
        errors[np.arange(rows), classes] -= 1
        slope = np.vstack([features.T @ errors + weights[:-1] / strength, errors.sum(axis=0)])
        return float(lost), slope.ravel().astype(np.float64)

    start = np.zeros((width + 1) * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x.reshape(width + 1, count), np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerSelector(GraphComponent):
    """Adds `asks_fine_question` to a message, and `answers`: `name` (id in `knowledge/answers/`) and `confidence` each.

    Of a message of several clauses those that ask are read by themselves too: the question stands at the
    end of a story. The reading counts that is surest of an answer.
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Return the components that must precede this one."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults: the encoder and its scale, scikit-learn's `C`.

        `others` is how many examples that are no questions stand for "none of these", beside the questions without
        a record.
        """
        return {"encoder": "use", "sentence_scale": 8.0, "C": 2.0, "others": 3000}

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        weights: Optional[Array] = None,
        classes: Tuple[str, ...] = (),
    ) -> None:
        """Open the encoder that the config names. Raises `EncoderError`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._weights, self._classes = weights, classes
        self._encoder = open_encoder(str(config["encoder"]))

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerSelector:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that name an answer, and from others that name none; keep the weights."""
        asked, unanswered, others = [], [], []
        for example in training_data.intent_examples:
            text = str(example.get(TEXT))
            if not is_readable(text):
                continue
            answer = answer_of((example.get("metadata") or {}).get("intent"))
            if answer:
                asked.append((text, answer))
            elif str(example.get(INTENT)).startswith("ask_"):
                unanswered.append((text, NONE))
            else:
                others.append((text, NONE))
        if not asked:
            return self._resource
        others.sort(key=lambda entry: zlib.crc32(entry[0].encode()))
        examples = [*asked, *unanswered, *others[: int(self._config["others"])]]
        self._classes = (NONE, *sorted({answer for _, answer in asked}))
        place = {name: number for number, name in enumerate(self._classes)}
        vectors = self._scaled(encode_cached(self._encoder, [prepare(text) for text, _ in examples]))
        wanted = np.array([place[answer] for _, answer in examples])
        stored = fit(vectors, wanted, len(self._classes), float(self._config["C"])).astype(np.float16)
        self._weights = stored.astype(np.float32)
        with self._model_storage.write_to(self._resource) as directory:
            np.savez(pathlib.Path(directory) / _ARRAYS, weights=stored)
            (pathlib.Path(directory) / _CLASSES).write_text(json.dumps(self._classes), encoding="utf-8")
        logger.info("Learned %d answers from %d examples", len(place) - 1, len(asked))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the examples unchanged: no later component reads the answers in training."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the likeliest answers to `messages` in place and return them."""
        for message in messages:
            text = message.get(TEXT)
            if self._weights is not None and is_readable(text):
                alone, with_clause_before = asking_parts(str(text))
                vectors = vectors_of(message, str(text), (*alone, *with_clause_before), self._encoder)
                rows = np.asarray(
                    shares(self._scaled(vectors) @ self._weights[:-1] + self._weights[-1], 1.0), np.float32
                )
                read = rows[rows[:, 1:].max(axis=1).argmax()]
                ranking = self._ranking(read)
                message.set(ASKS, round(float(1 - read[0]), 4), add_to_output=True)
                message.set(ANSWERS, ranking, add_to_output=True)
                message.set(BESIDES, self._besides(rows[1 : 1 + len(alone)], ranking), add_to_output=True)
        return messages

    def _besides(self, clauses: Array, ranking: Sequence[Dict[str, Any]]) -> List[Dict[str, Any]]:
        """Return what single `clauses`, a row of shares each, surely ask beside the likeliest of `ranking`."""
        known = {entry["name"] for entry in ranking[:1]}
        sure = [self._ranking(clause)[:1] for clause in clauses if 1 - clause[NONE_PLACE] >= _SURE_ALONE]
        found = {
            entry["name"]: entry
            for first in sure
            for entry in first
            if entry["confidence"] >= _SURE_ALONE and entry["name"] not in known
        }
        return list(found.values())

    def _ranking(self, read: Array) -> List[Dict[str, Any]]:
        """Return the likeliest answers with their shares among all answers."""
        answers = read[1:] / max(float(read[1:].sum()), 1e-9)
        return [
            {"name": self._classes[place + 1], "confidence": round(float(answers[place]), 4)}
            for place in np.argsort(-answers)[:_MOST]
            if answers[place] >= _WORTH_KEEPING
        ]

    def _scaled(self, vectors: Array) -> Array:
        return np.asarray(vectors * float(self._config["sentence_scale"]), np.float32)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AnswerSelector:
        """Return the trained component; an untrained one where the model holds none."""
        try:
            with model_storage.read_from(resource) as directory:
                classes = tuple(json.loads((pathlib.Path(directory) / _CLASSES).read_text(encoding="utf-8")))
                with np.load(pathlib.Path(directory) / _ARRAYS, allow_pickle=False) as stored:
                    return cls(config, model_storage, resource, stored["weights"].astype(np.float32), classes)
        except (ValueError, FileNotFoundError):
            logger.warning("The model holds no answers to fine questions; only topics are answered.")
            return cls(config, model_storage, resource)


def asking_parts(text: str) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
    """Return the clauses of `text` that ask, the last two of them, alone, and each with the clause before it."""
    clauses = [clause.text for clause in split(text)]
    if len(clauses) < 2:
        return (), ()
    asking = [place for place, clause in enumerate(clauses) if is_asking(clause)][-2:]
    alone = tuple(clauses[place] for place in asking)
    return alone, tuple(f"{clauses[place - 1]},{clauses[place]}" for place in asking if place)
