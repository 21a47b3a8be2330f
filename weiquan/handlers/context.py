"""What a handler is given, and what it gives back."""

from __future__ import annotations

import dataclasses
from typing import AbstractSet, Callable, Optional, Tuple

from weiquan.advice.advice import Advice
from weiquan.case.archive import PastCase, current_number
from weiquan.case.case import Case
from weiquan.dialogue.answers import take_answer
from weiquan.dialogue.circumstances import find_circumstances
from weiquan.facts.knowledge import Knowledge
from weiquan.papers.addresses import paper_url
from weiquan.papers.questions import open_paper_question
from weiquan.reading.details import add_details
from weiquan.reading.message import Message
from weiquan.replies.bubbles import Reply, read_payload
from weiquan.replies.papers import asked_again_reply
from weiquan.replies.steps import question_bubble

ASK = "ask_"
VERIFY = "verify_contact"
"""A question whether a number or a site is genuine."""
HUMAN = "request_human"
"""Answered like a question, after a sentence of the domain's own responses."""
NEWS = frozenset(
    {
        *("affirm", "deny", "dont_know", "skip", "step_done"),
        *("seller_agreed", "seller_refused", "no_reply_yet", "platform_agreed", "platform_refused"),
    }
)
"""Short answers and news within a case."""
IN_PASSING = frozenset({"inform", "correct_information", "ask_next_step"})
UNCLEAR = frozenset({"nlu_fallback", "out_of_scope"})
_OWN_HANDLERS = frozenset({"ask_why", "ask_next_step"})
"""Named like questions, but about the case."""


def is_question(intent: str) -> bool:
    """Tell whether `intent` asks for information."""
    return intent in {HUMAN, VERIFY} or (intent.startswith(ASK) and intent not in _OWN_HANDLERS)


@dataclasses.dataclass(frozen=True)
class State:
    """Where a conversation stands before a message.

    `past` are the cases put away; `shown` is the kind of card that the turn
    before showed, "" for none; `unclear` the number of messages in a row, this
    one included, that the classifier made nothing of. `offered` are the buttons of the
    turn before (title, payload), None where they are not known.
    """

    sender: str = ""
    case: Case = dataclasses.field(default_factory=Case)
    past: Tuple[PastCase, ...] = ()
    shown: str = ""
    unclear: int = 0
    offered: Optional[Tuple[Tuple[str, str], ...]] = None

    def offers(self, intents: AbstractSet[str]) -> bool:
        """Tell whether the turn before offered a button of one of `intents`; True where that is not known."""
        if self.offered is None:
            return True
        return any(read_payload(payload)[0] in intents for _, payload in self.offered)


@dataclasses.dataclass(frozen=True)
class Context:
    """One message in its conversation, with the advice for the case before it."""

    message: Message
    state: State
    advice: Advice

    @property
    def case(self) -> Case:
        """The case before the message."""
        return self.state.case

    @property
    def facts(self) -> Knowledge:
        """The facts of this process."""
        return self.advice.facts

    @property
    def is_announced(self) -> bool:
        """True where the domain's own response has spoken before the action."""
        return self.message.intent == HUMAN

    def with_details(self, case: Case) -> Case:
        """Return `case` with what the message tells of dates, amount, goods and the like."""
        found = find_circumstances(self.message.text, case, self.facts)
        case = dataclasses.replace(case, circumstances={**case.circumstances, **found})
        if self.message.platform and (self.case.situation is None or self.message.is_about_platform):
            # Within a case others are named to compare: 「京东才卖三十」.
            case = dataclasses.replace(case, platform=self.message.platform)
        return add_details(case, self.message.details)

    def answered(self) -> Optional[Case]:
        """Return the case after an answer to the bot's open question, None where the message is none."""
        message = self.message
        return take_answer(self.case, message.intent, message.text, message.details, message.entities, self.facts)

    def with_open_question(self, reply: Reply) -> Reply:
        """Return the answer to something that came between, and after it the question that is still open."""
        advice = self.advice.of(reply.case)
        question, of_paper = advice.open_question, open_paper_question(advice)
        if len(reply.bubbles) > 1:
            return reply
        first = dataclasses.replace(reply.bubbles[0], buttons=())
        if of_paper is not None:
            (again,), case = asked_again_reply(of_paper, advice)
            return Reply((first, again), case)
        if question is None:
            return reply
        return Reply((first, question_bubble(question, advice, resumed=True)), reply.case)

    def paper_url(self, what: str) -> str:
        """Return the address under which a paper of the case at hand, or its calendar, can be downloaded."""
        return paper_url(self.state.sender, what, str(current_number(self.state.past)))


@dataclasses.dataclass(frozen=True)
class Outcome:
    """A reply and the cases put away after it; `past` is None where they stay as they were."""

    reply: Reply
    past: Optional[Tuple[PastCase, ...]] = None


Handler = Callable[[Context], Optional[Outcome]]
"""Returns None for a message that is not its own."""
