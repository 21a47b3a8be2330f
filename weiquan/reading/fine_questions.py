"""Which fine question is asked: sure enough to answer, or doubtful enough to ask which."""

from __future__ import annotations

import dataclasses
from typing import Optional, Sequence, Tuple

ASKED = 0.15
"""From this probability on a question asks for one of the answers, rather than for its topic."""
SURE, PLAIN, POSSIBLE = 0.45, 0.8, 0.1
"""Shares among all answers: from the first on a question is answered, from the second on without the next likeliest as
buttons; from the third on an answer is offered as a button."""
CLEAR = 0.6
"""Share, and probability of asking, from which on it is answered though the classifier took it for no question."""
_MOST_OFFERED = 3


@dataclasses.dataclass(frozen=True)
class FineQuestion:
    """`asked` is the answer (id) that is asked for, None where none is sure; `near` are those that may be instead."""

    asked: Optional[str] = None
    near: Tuple[str, ...] = ()
    is_clear: bool = True


NO_QUESTION = FineQuestion()


def fine_question(answers: Sequence[Tuple[str, float]], asks: float) -> FineQuestion:
    """Return what `answers` (id, share; likeliest first) come to where one is asked for with the probability `asks`."""
    if not answers or asks < ASKED:
        return NO_QUESTION
    name, share = answers[0]
    likely = tuple(other for other, its_share in answers if its_share >= POSSIBLE)[:_MOST_OFFERED]
    if share < SURE:
        return FineQuestion(None, likely)
    return FineQuestion(name, () if share >= PLAIN else likely[1:], is_clear=min(share, asks) >= CLEAR)
