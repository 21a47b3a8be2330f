"""Count features that do not see digits.

Rasa's CountVectorsFeaturizer turns every number into the literal `__NUMBER__`;
with a character analyzer that one word adds some 27 n-grams, enough for
39.9 to outweigh the sentence it stands in. Amounts, dates and order numbers
must not change an intent, so they are left out, with the unit behind them.
The public hotlines are the exception: "12315" alone is a question.
"""

from __future__ import annotations

import re
from typing import Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT

_NUMBER = re.compile(r"[¥￥]?\d+(?:[.,:/-]\d+)*%?\Z")
_UNIT = re.compile(r"(?:元|块|块钱|元钱|圆|毛|角|分|月|日|号|年|点|点钟|%|￥|¥|rmb|RMB)\Z")
_HOTLINE_WORDS: Dict[str, str] = {
    "12315": "热线一二三一五",
    "12345": "热线一二三四五",
    "96110": "热线九六一一零",
    "12305": "热线一二三零五",
    "12363": "热线一二三六三",
    "110": "热线一一零",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NumberNeutralCountVectorsFeaturizer(CountVectorsFeaturizer):
    """`CountVectorsFeaturizer` whose tokens hold no numbers but the hotlines.

    Overrides the private `_process_tokens` of Rasa 3.6.21 (pinned); the test
    `tests/nlu/test_traps.py` fails should an upgrade bypass it.
    """

    def _process_tokens(self, tokens: List[str], attribute: str = TEXT) -> List[str]:
        if attribute != TEXT:
            return list(super()._process_tokens(tokens, attribute))
        kept: List[str] = []
        after_number = False
        for token in tokens:
            if _NUMBER.match(token) or (token in {".", "-", "/", ":", "¥", "￥", "$"} and after_number):
                kept.append(_HOTLINE_WORDS.get(token, ""))
                after_number = True
            elif after_number and _UNIT.match(token):
                kept.append("")
            else:
                kept.append(token)
                after_number = False
        return list(super()._process_tokens(kept, attribute))
