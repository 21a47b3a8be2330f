"""What an error costs is counted on what the reader found, which is kept with the readings of an evaluation."""

from __future__ import annotations

import dataclasses
import json

from scripts.evaluation import error_costs
from scripts.evaluation.models import Reading, as_reading
from weiquan.reading.situations import NOTHING_FOUND, Found


def test_the_trouble_found_makes_up_for_a_wrong_kind_of_complaint(facts):
    found = Found(0.9, (("bad_service", 0.8), ("quality_problem", 0.3)), {"threat": 0.7})
    right = error_costs.reply("report_bad_service", found, facts)
    assert right == ("bad_service", "threat")
    assert error_costs.reply("report_refund_refused", found, facts) == right
    assert error_costs.reply("out_of_scope", found, facts) == ("out_of_scope", "")
    assert error_costs.reply("greet", NOTHING_FOUND, facts) == ("greet", "")
    assert error_costs.reply("report_fraud", NOTHING_FOUND, facts)[0] == "impersonation_fraud"


def test_a_reading_that_was_kept_as_json_is_the_same_again():
    found = Found(0.9, (("bad_service", 0.8),), {"threat": 0.7}, (("ask_phone", 0.6),))
    reading = Reading("一", "greet", (("greet", 0.9),), ({"entity": "goods"},), 1.5, found=found)
    assert as_reading(json.loads(json.dumps(dataclasses.asdict(reading)))) == reading
