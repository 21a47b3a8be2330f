"""Which fine question is asked: sure enough to answer, or doubtful enough to ask which."""

from __future__ import annotations

import dataclasses
from typing import Optional, Sequence, Tuple

SURE = 0.5
"""From this probability on a question is answered."""
POSSIBLE = 0.2
"""From this one on it is offered as a button, where none is sure."""
CLEAR = 0.8
"""From this one on it is answered though the classifier took the message for no question."""
_MOST_OFFERED = 3


@dataclasses.dataclass(frozen=True)
class FineQuestion:
    """`asked` is the id of the answer that is asked for, `near` those that may be where none is sure."""

    asked: Optional[str] = None
    near: Tuple[str, ...] = ()
    is_clear: bool = True


NO_QUESTION = FineQuestion()


def fine_question(answers: Sequence[Tuple[str, float]]) -> FineQuestion:
    """Return what `answers` (id, probability; likeliest first) come to."""
    if not answers:
        return NO_QUESTION
    name, share = answers[0]
    if share >= SURE:
        return FineQuestion(name, is_clear=share >= CLEAR)
    return FineQuestion(None, tuple(other for other, likely in answers if likely >= POSSIBLE)[:_MOST_OFFERED])
