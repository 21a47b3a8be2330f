"""A shopper wants everything deleted."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ActionForgetMe(Action):
    """Asks the tracker store to delete the conversation (components.core.tracker_store)."""

    NAME = "action_forget_me"

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return self.NAME

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Set the slot on which the store deletes instead of saving."""
        return [SlotSet("forget_requested", True)]
