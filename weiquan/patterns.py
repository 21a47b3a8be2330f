"""Building blocks of the patterns that read messages."""

from __future__ import annotations


def one_of(*lines: str) -> str:
    """Return a group that matches any of the alternatives in `lines`, which spaces part; the first wins."""
    return f"(?:{'|'.join(word for line in lines for word in line.split())})"
