"""Which platform a shopper names as the one where it was bought."""

from __future__ import annotations

from typing import Optional, Sequence

from weiquan.facts.knowledge import Knowledge
from weiquan.reading.details import Entity, is_denied

BUTTON = "platform_id"
"""The entity of a button that names a platform by its id."""
_COMPARED = ("比", "跟", "和", "像", "去", "学学", "看看", "看到", "不如", "还是")
"""Before a platform that the thing was not bought on: 「比京东贵」."""


def find_platform(text: str, entities: Sequence[Entity], facts: Knowledge) -> Optional[str]:
    """Return the id of the platform that `text` (normalised) names, None where it names none, or several others.

    Where the own platform is named beside another one, it is the own one.
    """
    told = {
        facts.platform_names.get(str(entity.value).lower())
        for entity in entities
        if entity.kind == "platform" and not is_denied(text, entity) and not text.endswith(_COMPARED, 0, entity.start)
    } - {None}
    pressed = [entity.value for entity in entities if entity.kind == BUTTON and entity.value in facts.platforms]
    own = facts.own_platform.id
    if pressed or own in told:
        return str(pressed[0]) if pressed else own
    return next(iter(told)) if len(told) == 1 else None
