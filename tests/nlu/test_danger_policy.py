"""The policy that meets a danger before any rule has its say."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.core.danger_policy import ACTION, DangerPolicy
from components.core.failure_policy import ActionFailurePolicy
from tests.conftest import ROOT

LISTEN = "action_listen"
FIRE = [{"name": "fire", "confidence": 0.9}]


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The project's own domain."""
    return Domain.load(str(ROOT / "domain.yml"))


def predicted(domain: Domain, *events: Event) -> tuple[str | None, Any]:
    """The action that the policy asks for after `events`, None for none, and the prediction."""
    policy = DangerPolicy.create(
        DangerPolicy.get_default_config(), None, None, ExecutionContext(GraphSchema({}), "danger")
    )
    tracker = DialogueStateTracker.from_events("somebody", list(events), domain.slots)
    prediction = policy.predict_action_probabilities(tracker, domain)
    assert len(prediction.probabilities) == domain.num_actions
    assert sum(prediction.probabilities) in (0, 1)
    if not max(prediction.probabilities):
        return None, prediction
    return domain.action_names_or_texts[prediction.max_confidence_index], prediction


def said(intent: str, dangers: Any) -> UserUttered:
    """A message of `intent` in which `dangers` were found."""
    parse = {"text": "冒烟了", "intent": {"name": intent, "confidence": 0.9}, "dangers": dangers}
    return UserUttered("冒烟了", {"name": intent, "confidence": 0.9}, parse_data=parse)


@pytest.mark.parametrize(
    "intent", ["report_injury", "thank", "ask_phone", "affirm", "nlu_fallback", "forget_me", "greet"]
)
def test_a_danger_in_a_message_of_any_intent_is_met(domain, intent):
    action, prediction = predicted(domain, ActionExecuted(LISTEN), said(intent, FIRE))
    assert action == ACTION
    # A rule may not say that the turn is over.
    assert prediction.is_no_user_prediction


def test_after_it_was_met_the_bot_listens_and_then_it_is_over(domain):
    met = [ActionExecuted(LISTEN), said("thank", FIRE), ActionExecuted(ACTION)]
    assert predicted(domain, *met)[0] == LISTEN
    assert predicted(domain, *met, SlotSet("danger_open", "fire"))[0] == LISTEN
    assert predicted(domain, *met, ActionExecuted(LISTEN), said("affirm", []))[0] is None
    assert predicted(domain, *met, ActionExecuted(LISTEN), said("affirm", FIRE))[0] == ACTION


@pytest.mark.parametrize("dangers", [[], None])
def test_without_a_danger_it_has_no_say(domain, dangers):
    action, prediction = predicted(domain, ActionExecuted(LISTEN), said("report_injury", dangers))
    assert action is None
    assert not prediction.is_no_user_prediction
    assert predicted(domain)[0] is None


def test_in_the_midst_of_another_action_it_has_no_say(domain):
    turn = [ActionExecuted(LISTEN), said("thank", FIRE), ActionExecuted("action_answer_question")]
    assert predicted(domain, *turn)[0] is None


def test_a_domain_without_the_action_is_left_alone(domain):
    bare = Domain.from_dict({"intents": ["thank"], "actions": ["action_other"]})
    assert predicted(bare, ActionExecuted(LISTEN), said("thank", FIRE))[0] is None


def test_it_stands_above_the_rules_and_below_the_apology():
    own = DangerPolicy.get_default_config()["priority"]
    rules = RulePolicy.get_default_config()["priority"]
    assert rules < own < ActionFailurePolicy.get_default_config()["priority"]
