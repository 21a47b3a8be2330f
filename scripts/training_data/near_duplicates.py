"""Finding examples that say nearly the same, by the characters they share.

The measure is the Jaccard index of the sets of single characters and pairs of
adjacent characters: what two texts have in common, divided by everything that
either of them has. Case, punctuation, spaces and amounts are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from typing import List, Sequence, Set, Tuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

NEARLY_THE_SAME = 0.55
"""From here on two texts are worth a look: 怎么还没发货 and 怎么还不发货 reach 0.57."""
SAME_FOLD = 0.45
"""From here on two texts do not belong on both sides of a train/test split."""

Pair = Tuple[int, int, float]

_BLOCK = 512
"""Texts compared with all others at a time; bounds the memory."""
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_NUMBER = re.compile(r"(?<![\d.])(?!(?:12315|12345|12305|12363|96110|110|315)(?![\d.]))\d+(?:\.\d+)?")
_PARTICLES = "了吧啊呢吗的呀哦嘛啦"


def skeleton(text: str) -> str:
    """Return `text` without punctuation, spaces and case.

    A text of nothing but punctuation is returned as it is.
    """
    kept = "".join(character for character in text.lower() if unicodedata.category(character)[0] not in "PZS")
    return kept or text


def without_particles(text: str) -> str:
    """Return the skeleton of `text` without particles such as 了, 吧 and 吗, unless it consists of nothing else."""
    bare = skeleton(text)
    return bare.translate({ord(particle): None for particle in _PARTICLES}) or bare


def without_annotations(text: str) -> str:
    """Return the training example `text` without Rasa's entity marks: 昨天签收 for `[昨天](date)签收`."""
    return _ANNOTATION.sub(r"\1", text)


def near_duplicates(texts: Sequence[str], threshold: float = NEARLY_THE_SAME) -> List[Pair]:
    """Return (i, j, similarity), i < j, for all pairs of `texts` at least `threshold` alike, the most alike first.

    Raises `ValueError` for a threshold that is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be above 0 and at most 1, not {threshold}")
    if not texts:
        return []
    grams = CountVectorizer(analyzer=_grams, binary=True, dtype=np.float32).fit_transform(texts).tocsr()
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    pairs: List[Pair] = []
    for start in range(0, len(texts), _BLOCK):
        # `tocoo` of the product names each pair that shares anything once.
        shared = (grams[start : start + _BLOCK] @ grams.T).tocoo()
        rows, columns = shared.row + start, shared.col
        likeness = shared.data / (sizes[rows] + sizes[columns] - shared.data)
        found = (rows < columns) & (likeness >= threshold - 1e-6)
        pairs += zip(rows[found].tolist(), columns[found].tolist(), likeness[found].tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def groups(texts: Sequence[str], threshold: float = SAME_FOLD) -> List[int]:
    """Return a group number for each of `texts`; near-duplicates have the same one, also if only a third links them."""
    if not texts:
        return []
    pairs = near_duplicates(texts, threshold)
    rows, columns = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    graph = csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(texts), len(texts)))
    return [int(number) for number in connected_components(graph, directed=False)[1]]


def _grams(text: str) -> Set[str]:
    """Return the characters and adjacent pairs of `text`; a text that is only a number keeps it."""
    bare = skeleton(text)
    bare = bare if bare.isdigit() else skeleton(_NUMBER.sub("0", text))
    return {bare[i : i + length] for length in (1, 2) for i in range(len(bare) - length + 1)} or {""}
