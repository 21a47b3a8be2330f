"""Features for the words of the field: the cues of `knowledge/`.

An editor's cue ("烂果", "踢皮球", "还没发货") is knowledge that no handful of
examples teaches. One column for each situation, question and rung: how many of
its cues the message holds (two at most).
"""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from weiquan.facts.knowledge import knowledge
from weiquan.reading.cues import cue_counts

CUE_COUNTS = "cue_counts"
"""Property of a message that was read: `weiquan.reading.cues.cue_counts` of its text."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class CueFeaturizer(SparseFeaturizer, GraphComponent):
    """Adds the counts of `weiquan.reading.cues.cue_counts`, times `scale`, to each message."""

    @classmethod
    def required_components(cls) -> List[type]:
        """Return the components that must precede this one."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Return the defaults."""
        return {**SparseFeaturizer.get_default_config(), "scale": 4.0}

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Raise `ValueError` for a scale that is not above 0."""
        if not float(config.get("scale", 1)) > 0:
            raise ValueError("CueFeaturizer: scale must be above 0")

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CueFeaturizer:
        """Create the component (it has no state of its own)."""
        return cls(execution_context.node_name, config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to every example; returns the same object."""
        for example in training_data.training_examples:
            self._add(example)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the features to `messages` in place, keep their counts for others, and return them."""
        for message in messages:
            counts = self._add(message)
            if counts:
                message.set(CUE_COUNTS, counts)
        return messages

    def _add(self, message: Message) -> List[int]:
        """Add the features; return the counts, none of a message without words."""
        text = message.get(TEXT)
        if not isinstance(text, str) or not text.strip() or text.startswith(INTENT_MESSAGE_PREFIX):
            return []
        counts = cue_counts(text, knowledge())
        scaled = np.array(counts, dtype=np.float64) * float(self._config["scale"])
        self.add_features_to_message(None, scipy.sparse.coo_matrix(scaled[np.newaxis, :]), TEXT, message)
        return counts
