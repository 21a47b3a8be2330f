"""The case: what is known of one shopper's trouble, as immutable values."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Dict, FrozenSet, Iterable, Mapping, Optional, Tuple

from weiquan.case.diary import Happening, read_diary, write_diary
from weiquan.case.events import EVENTS, STAGES, SUMS
from weiquan.case.values import iso_day, number

ANYTHING = "anything"
"""Being put right, where it was not said yet what."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One shopper's trouble as far as it is known.

    `situation` and `others` are situation ids, `variant` the id of a special
    case within `situation`; `climbed` holds the rungs already taken, `failed`
    those of them that were refused or went unanswered, `asked` the rung that
    the bot's last question was about.

    `stage` is one of `STAGES`, `dates` tells the days of `EVENTS`, `amount` is
    what was paid in yuan, `remedy` an id of data/entities/remedies.yml,
    `circumstances` the answers about conditions by their ids ("promised_tenfold":
    True), `evidence` the ids of the pieces at hand. `question` is the id of the
    interview's question now open, `put` those that were put and are settled,
    whether answered, skipped or not known, the latest last. `danger` is the id of
    the danger that was met and is not known to be over, `development` that of the
    offer, demand or the like of which the bot has just asked. `shop` is the name of the
    shop, `account` what happened in the shopper's own words, for papers. `paper` is the paper whose
    questions are open ("civil_complaint:firm"), `told` the answers to them that have no field of their own, by the
    ids of the questions; "" where one was passed over. `platform` is the id of the one where it was bought, None for
    the own one as long as none is named. `sums` are the amounts of `SUMS` in yuan, `diary` what happened as it was
    told, in that order; `correcting` is what the shopper is putting right by tap, ANYTHING where it is not known yet.

    The mappings are never changed; `dataclasses.replace` makes a new case.
    """

    situation: Optional[str] = None
    variant: Optional[str] = None
    others: Tuple[str, ...] = ()
    climbed: FrozenSet[str] = frozenset()
    failed: FrozenSet[str] = frozenset()
    asked: Optional[str] = None
    goods: Optional[str] = None
    stage: Optional[str] = None
    dates: Mapping[str, datetime.date] = dataclasses.field(default_factory=dict)
    amount: Optional[float] = None
    remedy: Optional[str] = None
    order_number: Optional[str] = None
    circumstances: Mapping[str, bool] = dataclasses.field(default_factory=dict)
    evidence: FrozenSet[str] = frozenset()
    question: Optional[str] = None
    put: Tuple[str, ...] = ()
    danger: Optional[str] = None
    development: Optional[str] = None
    shop: Optional[str] = None
    account: Tuple[str, ...] = ()
    platform: Optional[str] = None
    paper: Optional[str] = None
    told: Mapping[str, str] = dataclasses.field(default_factory=dict)
    sums: Mapping[str, float] = dataclasses.field(default_factory=dict)
    diary: Tuple[Happening, ...] = ()
    correcting: Optional[str] = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Case:
        """Read a case from Rasa slot values; values of a wrong type count as unknown."""

        def text(name: str) -> Optional[str]:
            value = slots.get(name)
            return value if isinstance(value, str) and value else None

        def texts(name: str) -> Tuple[str, ...]:
            value = slots.get(name)
            return tuple(part for part in value if isinstance(part, str)) if isinstance(value, list) else ()

        def mapping(name: str) -> Dict[str, Any]:
            value = slots.get(name)
            return value if isinstance(value, dict) else {}

        dates = {event: day for event, written in mapping("case_dates").items() if (day := iso_day(written))}
        return cls(
            situation=text("situation"),
            variant=text("situation_variant"),
            others=texts("other_situations"),
            climbed=frozenset(texts("rungs_climbed")),
            failed=frozenset(texts("rungs_failed")),
            asked=text("asked_rung"),
            goods=text("goods_bought"),
            stage=text("order_stage") if text("order_stage") in STAGES else None,
            dates={event: day for event, day in dates.items() if event in EVENTS},
            amount=number(slots.get("amount_paid")),
            remedy=text("remedy_wanted"),
            order_number=text("order_number_told"),
            circumstances={name: yes for name, yes in mapping("circumstances").items() if isinstance(yes, bool)},
            evidence=frozenset(texts("evidence_ticked")),
            question=text("asked_question"),
            put=texts("questions_put"),
            danger=text("danger_open"),
            development=text("development_open"),
            shop=text("shop_name"),
            platform=text("platform_bought_on"),
            account=texts("own_account"),
            paper=text("paper_open"),
            told={name: words for name, words in mapping("told_for_papers").items() if isinstance(words, str)},
            sums={
                name: yuan
                for name, value in mapping("sums_told").items()
                if name in SUMS and (yuan := number(value)) is not None
            },
            diary=read_diary(slots.get("diary")),
            correcting=text("correcting"),
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
            "goods_bought": self.goods,
            "order_stage": self.stage,
            "case_dates": {event: day.isoformat() for event, day in sorted(self.dates.items())},
            "amount_paid": self.amount,
            "remedy_wanted": self.remedy,
            "order_number_told": self.order_number,
            "circumstances": dict(sorted(self.circumstances.items())),
            "evidence_ticked": sorted(self.evidence),
            "asked_question": self.question,
            "questions_put": list(self.put),
            "danger_open": self.danger,
            "development_open": self.development,
            "shop_name": self.shop,
            "platform_bought_on": self.platform,
            "own_account": list(self.account),
            "paper_open": self.paper,
            "told_for_papers": dict(sorted(self.told.items())),
            "sums_told": dict(sorted(self.sums.items())),
            "diary": write_diary(self.diary),
            "correcting": self.correcting,
        }

    def with_rungs(self, climbed: Iterable[str] = (), failed: Iterable[str] = ()) -> Case:
        """Return the case with more rungs taken; a failed rung was also climbed."""
        failed = frozenset(failed)
        return dataclasses.replace(
            self, climbed=self.climbed | frozenset(climbed) | failed, failed=self.failed | failed
        )
