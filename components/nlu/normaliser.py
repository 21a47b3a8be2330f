"""The first component of the pipeline: clean the text that all others read."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.held_back import HELD_BACK, is_held_back
from weiquan.language.masking import MASKED, mask
from weiquan.language.normalisation import CUT, normalise, normalise_whole

METADATA = "metadata"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TextNormaliser(GraphComponent):
    """Replaces a message's text by what is read of it: normalised, without numbers that nobody should send.

    Beside the text a parse then holds the kinds of numbers that were hidden, here
    or by the channel, and whether a part of a very long message was left out.

    Button payloads (`/intent{...}`) pass untouched, since they are JSON.
    Training examples go the same way; annotated ones are left alone, for a
    change of length would move their entities.
    """

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextNormaliser:
        """Create the component (it has no state)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise every example without entities, and mark those held back; returns the same object."""
        for example in training_data.training_examples:
            text = example.get(TEXT)
            if text:
                example.set(HELD_BACK, is_held_back(text))
            if text and not text.startswith(INTENT_MESSAGE_PREFIX) and not example.get("entities"):
                example.set(TEXT, normalise(text), add_to_output=True)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Clean the text of `messages` in place and return them."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith(INTENT_MESSAGE_PREFIX):
                text, is_cut = normalise_whole(text)
                # Our channels mask before Rasa keeps the message; `rasa shell` and the HTTP API do not.
                hidden = (message.get(METADATA) or {}).get(MASKED)
                if hidden is None:
                    text, hidden = mask(text)
                message.set(TEXT, text, add_to_output=True)
                message.set(MASKED, sorted(hidden), add_to_output=True)
                message.set(CUT, is_cut, add_to_output=True)
        return messages
