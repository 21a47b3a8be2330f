"""The text generator: responses of domain.yml with facts from `knowledge/`, and a note if a message was cut.

The one that says that all is deleted deletes first.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from components.core.tracker_store import forget_now
from weiquan.clock import today
from weiquan.facts.knowledge import knowledge
from weiquan.faults import NotDeleted
from weiquan.language.normalisation import CUT
from weiquan.rendering.essentials import apology, essentials, explanation
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble, with_note

APOLOGY = "utter_default"
"""What Rasa's own `action_default_fallback` utters; components.core.failure_policy calls it."""
FORGOTTEN = "utter_forgotten"


class KnowledgeNaturalLanguageGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's template NLG that also knows `{hotline}`, `{service_path}` and the apology.

    Lives in the Rasa process, so that the apology after a failed action can
    name the official number although the action server is gone. A broken
    `knowledge/` raises `KnowledgeError` here, at start-up.
    """

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        """Create the generator for the responses of `domain`."""
        super().__init__(domain.responses if domain else {})
        self._facts: Dict[str, str] = essentials(knowledge())

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[Dict[str, Any]]:
        """Return the response `utter_action` with slots and facts filled in, or None if unknown."""
        if utter_action == APOLOGY:
            return {"text": apology(knowledge())}
        if utter_action == FORGOTTEN and not await forget_now(tracker.sender_id):
            return {"text": explanation(NotDeleted(), knowledge())}
        draft: Optional[Dict[str, Any]] = await super().generate(
            utter_action, tracker, output_channel, **{**self._facts, **kwargs}
        )
        if draft and draft.get("text") and self._is_first_answer_to_a_cut_message(tracker):
            bubbles = with_note((Bubble(str(draft["text"])),), render("cut", knowledge(), today()))
            draft = {**draft, "text": "\n".join(bubble.text for bubble in bubbles)}
        return draft

    @staticmethod
    def _is_first_answer_to_a_cut_message(tracker: DialogueStateTracker) -> bool:
        """Tell whether the latest message was too long to be read whole, and nothing was said to it yet."""
        latest = next(
            (event for event in reversed(tracker.events) if isinstance(event, (UserUttered, BotUttered))), None
        )
        return isinstance(latest, UserUttered) and bool((latest.parse_data or {}).get(CUT))
