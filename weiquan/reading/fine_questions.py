"""Which fine question is asked: sure enough to answer, or doubtful enough to ask which."""

from __future__ import annotations

import dataclasses
from typing import Optional, Sequence, Tuple

ASKED = 0.4
"""From this probability on a question asks for one of the answers, rather than for its topic."""
SURE, PLAIN, POSSIBLE = 0.5, 0.8, 0.1
"""Shares among all answers: from the first on a question is answered, from the second on without the next likeliest as
buttons; from the third on an answer is offered as a button."""
CLEAR, CLEAR_UNASKED = 0.5, 0.75
"""Share, and probability of asking, from which on it is answered though the classifier took the message for no
question; the second where no word asks (「商家把我信息发网上」)."""
_MOST_OFFERED = 3


@dataclasses.dataclass(frozen=True)
class FineQuestion:
    """`asked` is the answer (id) asked for, None where none is sure; `near` are those that may be meant instead.

    `is_doubtful` tells that one of `near` is asked for, but not which. `besides` are the answers to further questions
    in the same message.
    """

    asked: Optional[str] = None
    near: Tuple[str, ...] = ()
    certainty: float = 1.0
    is_doubtful: bool = False
    besides: Tuple[str, ...] = ()


NO_QUESTION = FineQuestion()


def fine_question(answers: Sequence[Tuple[str, float]], asks: float) -> FineQuestion:
    """Return what `answers` (id, share; likeliest first) come to where one is asked for with the probability `asks`."""
    if not answers:
        return NO_QUESTION
    name, share = answers[0]
    likely = tuple(other for other, its_share in answers if its_share >= POSSIBLE)[:_MOST_OFFERED]
    if share < SURE or asks < ASKED:
        return FineQuestion(None, likely, 0.0, is_doubtful=asks >= ASKED and len(likely) > 1)
    return FineQuestion(name, () if share >= PLAIN else likely[1:], min(share, asks))
