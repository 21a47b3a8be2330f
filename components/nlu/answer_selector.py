"""Which fine question a message asks: one of the records in `knowledge/answers/`, or none of them.

Rasa's `ResponseSelector` chooses among responses that stand in the domain and trains
a network for each retrieval intent. Here the answers are facts with sources, and the
sentence vectors are at hand: a regression over all of them takes seconds and says
how sure it is. An example names its answer in its metadata (`answer:`).
"""

from __future__ import annotations

import json
import logging
import pathlib
import zlib
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
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from components.nlu.labels import answer_of
from components.nlu.sentence_encoder import encode_cached, is_readable, kept_vector, open_encoder, prepare
from weiquan.language.clauses import split
from weiquan.reading.requests import is_asking

logger = logging.getLogger(__name__)

ANSWERS = "answers"
"""Property of a message that was read: the answers that it may ask for, likeliest first, with their probability."""
NONE = ""
"""The class of what asks for no answer."""
_ARRAYS, _CLASSES = "selector.npz", "selector.json"
_MOST = 5
_WORTH_KEEPING = 0.05
BUCKETS = 1 << 14
"""Columns into which the characters' n-grams are hashed."""
_LONGEST = 3

Array = npt.NDArray[np.float32]


def n_grams(text: str) -> List[int]:
    """Return the column of each n-gram of 1 to 3 characters of `text`, each once."""
    return sorted(
        {
            zlib.crc32(text[start : start + length].encode()) % BUCKETS
            for length in range(1, _LONGEST + 1)
            for start in range(len(text) - length + 1)
        }
    )


def characters(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return a row of unit length for each text, with its n-grams of characters."""
    columns = [n_grams(text) for text in texts]
    lengths = np.array([len(row) for row in columns], np.int64)
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    ends = np.cumsum([0, *lengths])
    return sparse.csr_matrix((values, np.concatenate(columns).astype(np.int32), ends), (len(texts), BUCKETS))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerSelector(GraphComponent):
    """Adds `answers` to a message, each a `name` (id in `knowledge/answers/`) and a `confidence`.

    Of a message of several clauses those that ask are read by themselves too: the question stands at the
    end of a story. What the likeliest reading says, counts.
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Return the components that must precede this one."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults: the encoder, its scale and that of the characters beside it, scikit-learn's `C`.

        `others` is how many examples of anything else stand for "none of these".
        """
        return {"encoder": "use", "sentence_scale": 8.0, "character_scale": 4.0, "C": 1.0, "others": 3000}

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        weights: Optional[Array] = None,
        bias: Optional[Array] = None,
        classes: Tuple[str, ...] = (),
    ) -> None:
        """Open the encoder that the config names. Raises `EncoderError`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._weights, self._bias, self._classes = weights, bias, classes
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
        asked, others = [], []
        for example in training_data.intent_examples:
            text = str(example.get(TEXT))
            if not is_readable(text):
                continue
            answer = answer_of((example.get("metadata") or {}).get("intent"))
            if answer:
                asked.append((text, answer))
            elif not str(example.get(INTENT)).startswith("ask_"):
                others.append((text, NONE))
        if not asked:
            return self._resource
        others.sort(key=lambda entry: zlib.crc32(entry[0].encode()))
        examples = [*asked, *others[: int(self._config["others"])]]
        texts = [text for text, _ in examples]
        vectors = encode_cached(self._encoder, [prepare(text) for text in texts])
        model = LogisticRegression(C=float(self._config["C"]), max_iter=300)
        model.fit(self._features(vectors, texts), [answer for _, answer in examples])
        self._weights = np.asarray(model.coef_.T, np.float32)
        self._bias = np.asarray(model.intercept_, np.float32)
        self._classes = tuple(str(name) for name in model.classes_)
        with self._model_storage.write_to(self._resource) as directory:
            np.savez(directory / _ARRAYS, weights=self._weights.astype(np.float16), bias=self._bias)
            (directory / _CLASSES).write_text(json.dumps(self._classes), encoding="utf-8")
        logger.info("Learned %d answers from %d examples", len(self._classes) - 1, len(asked))
        return self._resource

    def _features(self, vectors: Array, texts: Sequence[str]) -> sparse.csr_matrix:
        dense = sparse.csr_matrix(vectors * float(self._config["sentence_scale"]))
        return sparse.hstack([dense, characters(texts) * float(self._config["character_scale"])]).tocsr()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the likeliest answers to `messages` in place and return them."""
        for message in messages:
            text = message.get(TEXT)
            if self._weights is None or not is_readable(text):
                continue
            found = self._ranking(message, str(text))
            message.set(ANSWERS, found, add_to_output=True)
        return messages

    def _ranking(self, message: Message, text: str) -> List[Mapping[str, Any]]:
        parts = asking_parts(text)
        kept = kept_vector(message, self._encoder)
        unknown = [*([] if kept is not None else [text]), *parts]
        rows = [] if kept is None else [np.asarray(kept[np.newaxis], np.float32)]
        rows += [np.asarray(self._encoder.encode([prepare(part) for part in unknown]), np.float32)] if unknown else []
        vectors = np.concatenate(rows)
        scores = self._features(vectors, [text, *parts]) @ self._weights + self._bias
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = (powers / powers.sum(axis=1, keepdims=True)).max(axis=0)
        order = [place for place in np.argsort(-shares) if self._classes[place] != NONE][:_MOST]
        return [
            {"name": self._classes[place], "confidence": round(float(shares[place]), 4)}
            for place in order
            if shares[place] >= _WORTH_KEEPING
        ]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the examples unchanged: no later component reads the answers in training."""
        return training_data

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
                    weights, bias = stored["weights"].astype(np.float32), stored["bias"]
            return cls(config, model_storage, resource, weights, bias, classes)
        except (ValueError, FileNotFoundError):
            logger.warning("The model holds no answers to fine questions; only topics are answered.")
            return cls(config, model_storage, resource)


def asking_parts(text: str) -> Tuple[str, ...]:
    """Return the clauses of `text` that ask, the last two of them, each also with the clause before it."""
    clauses = [clause.text for clause in split(text)]
    if len(clauses) < 2:
        return ()
    asking = [place for place, clause in enumerate(clauses) if is_asking(clause)][-2:]
    alone = [clauses[place] for place in asking]
    return (*alone, *(f"{clauses[place - 1]},{clauses[place]}" for place in asking if place))
