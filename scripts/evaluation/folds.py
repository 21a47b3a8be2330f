"""Splitting the training examples so that near-duplicates never stand on both sides."""

from __future__ import annotations

import collections
import random
from typing import Dict, List, Sequence, Tuple

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from scripts.training_data.examples import Example
from scripts.training_data.near_duplicates import SAME_FOLD, groups

SEED = 20261124

Fold = Tuple[List[int], List[int]]
"""The places of the examples to train on, and of those held out."""


def split(examples: Sequence[Example], count: int, seed: int = SEED, threshold: float = SAME_FOLD) -> List[Fold]:
    """Return `count` folds with about the same share of each intent.

    Texts at least `threshold` alike (see `scripts.training_data.near_duplicates`)
    are in one fold, also if only a third text links them. Raises `ValueError`
    for fewer than two folds.
    """
    if count < 2:
        raise ValueError("at least two folds are needed")
    numbers = groups([example.text for example in examples], threshold)
    splitter = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed)
    found = splitter.split(np.zeros(len(examples)), [example.intent for example in examples], numbers)
    return [(train.tolist(), held.tolist()) for train, held in found]


def sample(
    examples: Sequence[Example], places: Sequence[int], count: int, seed: int = SEED, threshold: float = SAME_FOLD
) -> List[int]:
    """Return about `count` of `places`, in order, with the same share of each intent; always the same ones.

    Near-duplicates of an intent (as in `split`) are taken together or not at
    all, so the sample is as repetitive as the whole. Where there are no more
    than `count` places, all are returned. Raises `ValueError` for a count below 1.
    """
    if count < 1:
        raise ValueError("at least one example is needed")
    if count >= len(places):
        return sorted(places)
    numbers = groups([examples[place].text for place in places], threshold)
    families: Dict[str, Dict[int, List[int]]] = {}
    for place, number in zip(places, numbers, strict=True):
        families.setdefault(examples[place].intent, {}).setdefault(number, []).append(place)
    chance = random.Random(seed)
    totals = collections.Counter(examples[place].intent for place in places)
    chosen: List[int] = []
    for intent in sorted(families):
        left = max(1, round(count * totals[intent] / len(places)))
        for family in chance.sample(list(families[intent].values()), len(families[intent])):
            if len(family) <= left:
                chosen += family
                left -= len(family)
    return sorted(chosen)
