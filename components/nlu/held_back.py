"""Which examples are kept out of learning, so that confidence can be fitted to messages that were not learned.

The encoder is fine-tuned on the examples too. Vectors of what it has learned
look surer than those of a stranger's message, so both leave out the same ones.
"""

from __future__ import annotations

import hashlib

ONE_IN = 10


HELD_BACK = "held_back"
"""Property of a training example: whether it is held back; set by the normaliser, which changes its text."""


def is_held_back(text: str) -> bool:
    """Tell whether the example `text`, as it stands in its file, is one of the tenth that nothing is learned from."""
    return hashlib.sha256(text.encode("utf-8")).digest()[0] * ONE_IN < 256
