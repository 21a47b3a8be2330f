"""The case: what is known of one shopper's trouble, as immutable values."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, FrozenSet, Iterable, Mapping, Optional, Tuple


@dataclasses.dataclass(frozen=True)
class Case:
    """One shopper's trouble as far as it is known.

    `situation` and `others` are situation ids, `variant` the id of a special
    case within `situation`; `climbed` holds the rungs already taken, `failed`
    those of them that were refused or went unanswered, `asked` the rung that
    the bot's last question was about.
    """

    situation: Optional[str] = None
    variant: Optional[str] = None
    others: Tuple[str, ...] = ()
    climbed: FrozenSet[str] = frozenset()
    failed: FrozenSet[str] = frozenset()
    asked: Optional[str] = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Case:
        """Read a case from Rasa slot values; values of a wrong type count as unknown."""

        def text(name: str) -> Optional[str]:
            value = slots.get(name)
            return value if isinstance(value, str) and value else None

        def texts(name: str) -> Tuple[str, ...]:
            value = slots.get(name)
            return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()

        return cls(
            situation=text("situation"),
            variant=text("situation_variant"),
            others=texts("other_situations"),
            climbed=frozenset(texts("rungs_climbed")),
            failed=frozenset(texts("rungs_failed")),
            asked=text("asked_rung"),
        )

    def to_slots(self) -> Dict[str, Any]:
        """Return the slot values that `from_slots` reads back."""
        return {
            "situation": self.situation,
            "situation_variant": self.variant,
            "other_situations": list(self.others),
            "rungs_climbed": sorted(self.climbed),
            "rungs_failed": sorted(self.failed),
            "asked_rung": self.asked,
        }

    def with_rungs(self, climbed: Iterable[str] = (), failed: Iterable[str] = ()) -> Case:
        """Return the case with more rungs taken; a failed rung was also climbed."""
        failed = frozenset(failed)
        return dataclasses.replace(
            self, climbed=self.climbed | frozenset(climbed) | failed, failed=self.failed | failed
        )
