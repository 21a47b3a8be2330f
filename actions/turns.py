"""The custom actions. All of them take one turn (`weiquan.turn`); a rule's action names what the message is."""

from __future__ import annotations

import logging
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import TERMINAL, message_of, say, slots_after, state_of
from weiquan.budget import OverBudget, within
from weiquan.facts.knowledge import knowledge
from weiquan.rendering.essentials import apology
from weiquan.turn import take_turn

logger = logging.getLogger(__name__)

TURN_SECONDS = 2.0
"""Processor time of a turn; most take a twentieth of a second."""


class TurnAction(Action):
    """Takes one turn: reads the tracker, says the answer, keeps what changed."""

    NAME = ""
    """The action's name in domain.yml."""

    def name(self) -> str:
        """Return the action's name in domain.yml."""
        return self.NAME

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Say the answer to the latest message; return the slots that changed.

        A turn that takes too long ends with the apology, which names the ways to help, and changes nothing.
        """
        try:
            with within(TURN_SECONDS):
                result = take_turn(message_of(tracker), state_of(tracker))
        except OverBudget:
            logger.error("%s took over %s s, sender %s", self.NAME, TURN_SECONDS, tracker.sender_id)
            dispatcher.utter_message(text=apology(knowledge()))
            return []
        say(dispatcher, result.bubbles, with_cards=tracker.get_latest_input_channel() != TERMINAL)
        return slots_after(result, tracker)


class ActionMeetDanger(TurnAction):
    """Somebody is in danger (`components.core.danger_policy`)."""

    NAME = "action_meet_danger"


class ActionAnswerSituation(TurnAction):
    """A shopper tells what went wrong (`report_` intents)."""

    NAME = "action_answer_situation"


class ActionAnswerQuestion(TurnAction):
    """A shopper asks for information (`ask_` intents)."""

    NAME = "action_answer_question"


class ActionVerifyContact(TurnAction):
    """A shopper asks whether a number, site or caller is genuine."""

    NAME = "action_verify_contact"


class ActionAdvanceCase(TurnAction):
    """A short answer, or news from the seller or the platform."""

    NAME = "action_advance_case"


class ActionContinueCase(TurnAction):
    """Something told in passing, a correction, or "what is next"."""

    NAME = "action_continue_case"


class ActionShowCase(TurnAction):
    """Where the case stands; a case taken up again."""

    NAME = "action_show_case"


class ActionStartNewCase(TurnAction):
    """Another trouble: the case at hand is put away."""

    NAME = "action_start_new_case"


class ActionExplainQuestion(TurnAction):
    """Why the bot asks what it asks."""

    NAME = "action_explain_question"


class ActionTickEvidence(TurnAction):
    """Evidence at hand."""

    NAME = "action_tick_evidence"


class ActionWritePaper(TurnAction):
    """A paper to send."""

    NAME = "action_write_paper"


class ActionGreetShopper(TurnAction):
    """A greeting; who comes back to a case hears where it stands."""

    NAME = "action_greet_shopper"


class ActionIntroduceBot(TurnAction):
    """Who the bot is."""

    NAME = "action_introduce_bot"


class ActionComfortShopper(TurnAction):
    """Anger, met with one human sentence."""

    NAME = "action_comfort_shopper"


class ActionClarifyRequest(TurnAction):
    """What was not understood."""

    NAME = "action_clarify_request"


class ActionDeclineRequest(TurnAction):
    """What is out of scope."""

    NAME = "action_decline_request"
