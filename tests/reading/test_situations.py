"""Reading: which troubles and questions are acted on, which are only offered, and what a report does to a case."""

from __future__ import annotations

import pytest

from weiquan.case.case import Case
from weiquan.case.events import NEWS
from weiquan.dialogue.reports import open_case, take_report
from weiquan.language.normalisation import MAX_LENGTH, normalise, without_numbers
from weiquan.places import TEMPLATES
from weiquan.reading.situations import (
    BARE_WISH,
    MAX_OTHERS,
    MENTIONED,
    MENTIONED_APART,
    NEAR,
    NEWS_TOLD,
    NOTHING_FOUND,
    SPECIAL_CASE_TOLD,
    SURE_OF_TROUBLE,
    TOLD,
    TOLD_IN_PASSING,
    TOPIC_TOLD,
    TROUBLE_TOLD,
    Found,
    Reading,
    is_report,
    likely_situations,
    named_shares,
    read,
    situations_of_intents,
    special_case_of,
)

REPORT, QUESTION, TALK = "report_quality_problem", "ask_phone", "chitchat"
UNSURE = SURE_OF_TROUBLE - 0.01
"""A trouble that is told, but not for sure: its situation must be told too."""


def found(*situations: tuple[str, float], trouble: float = 0.9, **more) -> Found:
    """What the reader found: these situations, likeliest first."""
    return Found(trouble, situations, **more)


def names(reading: Reading) -> tuple[str | None, ...]:
    """The troubles acted on, the main one first."""
    return (reading.situation, *reading.others)


def test_what_a_parse_holds_is_found_and_what_is_damaged_is_not():
    parse = {
        "tells_trouble": 0.8,
        "situation_ranking": [
            {"name": "injury", "confidence": 0.7},
            "nonsense",
            {"confidence": 1.0},
            {"name": "other"},
        ],
        "special_cases": [{"name": "threat", "confidence": 0.6}],
        "topics": [{"name": "ask_phone", "confidence": 0.5}],
        "news": [{"name": "contacted", "confidence": 0.4}],
        "situations_of_clauses": [{"name": "bad_service", "confidence": 0.3}],
    }
    told = Found.from_parse(parse)
    assert told == Found(
        trouble=0.8,
        situations=(("injury", 0.7), ("other", 0.0)),
        special_cases={"threat": 0.6},
        topics=(("ask_phone", 0.5),),
        news=(("contacted", 0.4),),
        of_clauses=(("bad_service", 0.3),),
    )
    assert Found.from_parse({}) == NOTHING_FOUND
    assert Found.from_parse({"tells_trouble": None, "situation_ranking": "x", "special_cases": None}) == NOTHING_FOUND
    assert named_shares({"name": "injury"}) == ()


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("report_injury", True),
        ("report_other", True),
        ("report_wrong_fact", False),
        ("ask_phone", False),
        (None, False),
    ],
)
def test_which_intents_tell_a_trouble(intent, told):
    assert is_report(intent) is told


@pytest.mark.parametrize("intent", [REPORT, QUESTION, TALK, None])
def test_a_likely_trouble_is_told_in_a_message_of_any_intent(facts, intent):
    reading = read("", intent, found(("counterfeit", TOLD)), facts)
    assert (reading.situation, reading.is_sure) == ("counterfeit", True)


@pytest.mark.parametrize("intent", [QUESTION, TALK, None])
def test_where_no_trouble_is_likely_none_is_told(facts, intent):
    unlikely = found(("counterfeit", TOLD - 0.01), trouble=UNSURE)
    assert read("", intent, unlikely, facts) == read("", intent, NOTHING_FOUND, facts)
    # Not even a likely kind, where hardly anything bought went wrong.
    for trouble, told in ((TROUBLE_TOLD, "counterfeit"), (TROUBLE_TOLD - 0.01, None)):
        assert read("", intent, found(("counterfeit", 0.9), trouble=trouble), facts).situation == told


@pytest.mark.parametrize("intent", [QUESTION, TALK, None])
def test_of_a_trouble_that_is_sure_the_likeliest_situation_is_told_but_not_for_sure(facts, intent):
    shared = (("counterfeit", 0.3), ("not_as_described", 0.2))
    sure = read("", intent, found(*shared, trouble=SURE_OF_TROUBLE), facts)
    assert (names(sure), sure.is_sure) == (("counterfeit",), False)
    assert read("", intent, found(*shared, trouble=UNSURE), facts).situation is None
    assert read("", intent, found(trouble=1.0), facts).situation is None


def test_a_clause_tells_the_trouble_that_the_whole_a_question_hides(facts):
    for share, trouble, told in ((TOLD, SURE_OF_TROUBLE, ("not_shipped", True)), (0.9, UNSURE, (None, False))):
        hidden = found(("counterfeit", 0.3), trouble=trouble, of_clauses=(("not_shipped", share),))
        reading = read("", QUESTION, hidden, facts)
        assert (reading.situation, reading.is_sure) == told


def test_a_day_and_an_amount_do_not_make_another_trouble_of_one_that_a_clause_tells(facts):
    misled = found(("refund_after_return", 0.6), ("quality_problem", 0.2), of_clauses=(("quality_problem", 0.9),))
    assert read("", REPORT, misled, facts).situation == "quality_problem"
    # What the clauses tell too stands as the whole has it.
    agreed = found(("counterfeit", 0.6), of_clauses=(("counterfeit", 0.9), ("not_shipped", 0.8)))
    assert read("", REPORT, agreed, facts).situation == "counterfeit"


def test_a_report_tells_at_least_its_likeliest_trouble_but_not_for_sure(facts):
    reading = read("", REPORT, found(("counterfeit", 0.3), ("not_shipped", 0.2), trouble=0.1), facts)
    assert (names(reading), reading.is_sure) == (("counterfeit",), False)
    nothing = read("", "report_price_dispute", NOTHING_FOUND, facts)
    assert (nothing.situation, nothing.is_sure) == ("price_dispute", False)


def test_within_a_case_more_is_asked_of_what_is_told_in_passing(facts):
    told = found(("counterfeit", 0.6), trouble=UNSURE)
    assert read("", "inform", told, facts).situation == "counterfeit"
    assert read("", None, told, facts, TOLD_IN_PASSING).situation is None
    enough = found(("counterfeit", TOLD_IN_PASSING), trouble=TOLD_IN_PASSING)
    assert read("", None, enough, facts, TOLD_IN_PASSING).situation == "counterfeit"
    unlikely = found(("counterfeit", 0.8), trouble=TOLD_IN_PASSING - 0.01)
    assert read("", None, unlikely, facts, TOLD_IN_PASSING).situation is None


def test_what_was_bought_comes_before_how_the_complaint_went(facts):
    for process in ("seller_ignoring", "refund_refused", "complaint_rejected", "bad_service"):
        told = found((process, 0.95), ("counterfeit", 0.55), special_cases={"threat": 0.9})
        assert names(read("", REPORT, told, facts)) == ("counterfeit", process)


def test_what_was_bought_may_stand_in_a_clause(facts):
    apart = (("bad_service", 0.95), ("counterfeit", MENTIONED_APART))
    reading = read("", REPORT, found(("seller_ignoring", 0.9), of_clauses=apart), facts)
    assert (reading.situation, set(reading.others)) == ("counterfeit", {"seller_ignoring", "bad_service"})
    doubtful = (("counterfeit", MENTIONED_APART - 0.01),)
    assert names(read("", REPORT, found(("seller_ignoring", 0.9), of_clauses=doubtful), facts)) == ("seller_ignoring",)


def test_the_likeliest_comes_first_of_about_equally_likely_ones_the_urgent_then_the_more_severe(facts):
    likelier = found(("quality_problem", 0.95), ("injury", 0.6))
    assert names(read("", REPORT, likelier, facts)) == ("quality_problem", "injury")
    urgent = found(("off_platform_payment", 0.92), ("food_safety", 0.88), special_cases={"illness": 0.9})
    assert names(read("", REPORT, urgent, facts)) == ("food_safety", "off_platform_payment")
    severe = found(("quality_problem", 0.92), ("counterfeit", 0.88))
    assert names(read("", REPORT, severe, facts)) == ("counterfeit", "quality_problem")


def test_severity_promotes_nothing_that_is_not_told(facts):
    for share, others, near in ((MENTIONED, ("injury",), ()), (MENTIONED - 0.01, (), ("injury",))):
        reading = read("", REPORT, found(("quality_problem", TOLD), ("injury", share)), facts)
        assert (reading.situation, reading.others, reading.near) == ("quality_problem", others, near)


def test_a_clause_alone_names_a_trouble_where_it_is_surer_than_the_whole_must_be(facts):
    for share, others in ((MENTIONED_APART, ("injury",)), (MENTIONED_APART - 0.01, ())):
        told = found(("quality_problem", 0.9), of_clauses=(("injury", share), ("abolished", 0.9)))
        assert names(read("", REPORT, told, facts)) == ("quality_problem", *others)


def test_a_special_case_is_told_where_it_is_likely_and_only_of_its_own_situation(facts):
    told = found(("bad_service", 0.8), special_cases={"threat": SPECIAL_CASE_TOLD, "false_delivery": 0.9})
    assert read("", "report_bad_service", told, facts).variant == "threat"
    unlikely = found(("bad_service", 0.8), special_cases={"threat": SPECIAL_CASE_TOLD - 0.01})
    assert read("", "report_bad_service", unlikely, facts).variant is None


def test_of_two_special_cases_the_urgent_one_is_told(facts):
    fraud = facts.situations["impersonation_fraud"]
    told = found(("impersonation_fraud", 0.9), special_cases={"seller_cheats": 0.9, "already_paid": 0.6})
    assert special_case_of(fraud, told) == "already_paid"
    unlikely = {"seller_cheats": 0.9, "already_paid": SPECIAL_CASE_TOLD - 0.01}
    calm = found(("impersonation_fraud", 0.9), special_cases=unlikely)
    assert special_case_of(fraud, calm) == "seller_cheats"
    for situation in facts.situations.values():
        assert special_case_of(situation, NOTHING_FOUND) == situation.default_variant


def test_a_special_case_makes_a_trouble_urgent_or_takes_its_urgency_away(facts):
    def main(*situations: str, **special_cases: float) -> str | None:
        """The first of troubles that are told alike."""
        told = found(*((situation, 0.9) for situation in situations), special_cases=special_cases)
        return read("", REPORT, told, facts).situation

    assert main("off_platform_payment", "food_safety") == "off_platform_payment"
    assert main("off_platform_payment", "food_safety", illness=0.8) == "food_safety"
    assert main("account_theft", "impersonation_fraud") == "impersonation_fraud"
    assert main("account_theft", "impersonation_fraud", shop_vanished=0.8) == "account_theft"


def test_further_troubles_are_noticed_up_to_a_few_and_near_ones_are_only_offered(facts):
    told = [(name, 0.9 - 0.05 * place) for place, name in enumerate(list(facts.situations)[:6])]
    near = [("spoiled_fresh_goods", 0.1), ("invoice_problem", NEAR), ("live_stream_purchase", NEAR - 0.001)]
    reading = read("", REPORT, found(*told, *near), facts)
    assert len(reading.others) == MAX_OTHERS
    assert {reading.situation, *reading.others} <= {name for name, _ in told}
    assert not {reading.situation, *reading.others} & set(reading.near)
    reading = read("", REPORT, found(told[0], *near), facts)
    assert (reading.others, reading.near) == ((), ("spoiled_fresh_goods", "invoice_problem"))


def test_where_no_trouble_is_told_none_is_near(facts):
    close = (("counterfeit", 0.9), ("not_as_described", 0.3))
    assert read("", TALK, found(*close, trouble=TROUBLE_TOLD - 0.01), facts).near == ()
    assert read("", TALK, found(*close), facts).near == ("not_as_described",)


def test_a_situation_that_is_not_known_any_more_is_passed_over(facts):
    reading = read("", REPORT, found(("abolished", 0.99), ("counterfeit", 0.7)), facts)
    assert names(reading) == ("counterfeit",)
    assert reading.near == ()


@pytest.mark.parametrize(
    ("intent", "topics", "topic"),
    [
        (REPORT, (("ask_compensation", TOPIC_TOLD), ("ask_phone", 0.4)), "ask_compensation"),
        (REPORT, (("ask_compensation", TOPIC_TOLD - 0.01),), None),
        ("ask_phone", (("ask_compensation", 0.9),), "ask_phone"),
        ("ask_phone", (), "ask_phone"),
        (TALK, (), None),
    ],
)
def test_the_question_is_that_of_the_intent_else_a_likely_one(facts, intent, topics, topic):
    assert read("怎么办?", intent, found(("quality_problem", 0.9), topics=topics), facts).topic == topic
    told = read("坏了", intent, found(("quality_problem", 0.9), topics=topics), facts).topic
    assert told == (intent if intent in facts.topics else None), "what asks nothing has no question beside"


@pytest.mark.parametrize(
    ("news", "climbed", "failed"),
    [
        (("applied", "refused"), {"negotiate", "after_sales"}, {"negotiate"}),
        (("silent",), {"negotiate"}, {"negotiate"}),
        (("contacted",), {"negotiate"}, set()),
        (("platform_against",), {"platform"}, {"platform"}),
        (("platform_asked",), {"platform"}, set()),
        (("complaint_refused",), {"complaint_12315"}, {"complaint_12315"}),
        (("refunded_part",), set(), set()),
        ((), set(), set()),
    ],
)
def test_steps_already_taken_are_those_that_the_news_tell(facts, news, climbed, failed):
    reading = read("", None, found(news=tuple((name, NEWS_TOLD) for name in news)), facts)
    assert (reading.climbed, reading.failed) == (climbed, failed)
    doubtful = read("", None, found(news=tuple((name, NEWS_TOLD - 0.01) for name in news)), facts)
    assert not doubtful.climbed


@pytest.mark.parametrize("text", ["我还没申请售后", "怎么联系商家", "准备打12315", "能不能申请平台介入", "该不该报警"])
def test_a_step_that_is_only_spoken_of_is_not_taken(facts, text):
    assert not read(text, None, NOTHING_FOUND, facts).climbed


def test_all_news_of_a_rung_are_known_and_what_failed_was_climbed(facts):
    for rung in facts.rungs.values():
        assert {*rung.done_by, *rung.failed_by} <= NEWS, rung.id
        assert set(rung.failed_by) <= set(rung.done_by), rung.id


def test_a_bare_wish_to_complain_tells_no_sure_trouble(facts):
    assert not read("我要投诉", "report_other", NOTHING_FOUND, facts).is_sure


@pytest.mark.parametrize("intent", ["report_complaint_rejected", QUESTION, TALK])
def test_a_bare_wish_to_complain_is_not_taken_for_a_complaint_that_was_rejected(facts, intent):
    rejected = found(("complaint_rejected", 0.9), ("counterfeit", 0.2))
    wish = read("投" * BARE_WISH, intent, rejected, facts)
    assert (*names(wish), *wish.near) == (None,)
    assert read("投" * (BARE_WISH + 1), intent, rejected, facts).situation == "complaint_rejected"
    # With another trouble, or as another trouble, few words are enough.
    both = found(("complaint_rejected", 0.9), ("refund_refused", 0.8))
    assert set(names(read("退款被拒", intent, both, facts))) == {"complaint_rejected", "refund_refused"}
    assert read("退款被拒", intent, found(("refund_refused", 0.9)), facts).situation == "refund_refused"


def test_likely_situations_are_few_and_likeliest_first():
    told = found(("injury", 0.5), ("counterfeit", 0.3), ("not_shipped", 0.2), ("bad_service", 0.1))
    assert likely_situations(told, 0.2, 9) == ["injury", "counterfeit", "not_shipped"]
    assert likely_situations(told, 0.0, 2) == ["injury", "counterfeit"]


def test_an_intent_stands_for_its_usual_situation(facts):
    assert situations_of_intents(["report_fraud", "greet", "report_not_shipped"], facts) == [
        "impersonation_fraud",
        "not_shipped",
    ]


# --- what a report does to a case ---


def told(situation: str, facts, text: str = "", **more) -> Reading:
    """A sure reading of `situation`."""
    return read(text, facts.situations[situation].intent, found((situation, 0.9), **more), facts)


def test_an_unsure_reading_does_not_replace_the_case_but_steps_told_with_it_count(facts):
    case = open_case(told("quality_problem", facts), facts)
    news = (("complaint_refused", 0.9),)
    unsure = read("", "report_bad_service", found(("bad_service", 0.3), trouble=0.3, news=news), facts)
    after = take_report(case, unsure, facts)
    assert (after.situation, after.others) == ("quality_problem", ())
    assert "complaint_12315" in after.failed


def test_news_of_the_same_case_does_not_open_another(facts):
    case = open_case(told("quality_problem", facts), facts)
    later = take_report(case, told("seller_ignoring", facts), facts)
    assert later.situation == "quality_problem"
    assert "negotiate" in later.failed


def test_an_urgent_special_case_of_the_process_does_open_another(facts):
    case = open_case(told("quality_problem", facts), facts)
    later = take_report(case, told("bad_service", facts, special_cases={"threat": 0.9}), facts)
    assert (later.situation, later.variant) == ("bad_service", "threat")


def test_a_special_case_told_later_is_kept_and_lost_by_no_later_word(facts):
    case = open_case(told("logistics_problem", facts), facts)
    later = take_report(case, told("logistics_problem", facts, special_cases={"false_delivery": 0.9}), facts)
    assert later.variant == "false_delivery"
    assert take_report(later, told("logistics_problem", facts), facts).variant == "false_delivery"


def test_a_trouble_beside_the_main_one_says_which_rungs_have_failed(facts):
    reading = read("", REPORT, found(("quality_problem", 0.9), ("refund_refused", 0.6)), facts)
    assert names(reading) == ("quality_problem", "refund_refused")
    assert open_case(reading, facts).failed == set(facts.situations["refund_refused"].fails)
    near = read("", REPORT, found(("quality_problem", 0.9), ("refund_refused", MENTIONED - 0.01)), facts)
    assert near.near == ("refund_refused",)
    assert not open_case(near, facts).failed


@pytest.mark.parametrize(
    ("trouble", "asked", "failed"),
    [
        ("seller_ignoring", None, {"negotiate"}),
        ("refund_refused", None, {"negotiate", "after_sales"}),
        ("bad_service", None, set()),
        ("complaint_rejected", None, {"after_sales"}),
        ("complaint_rejected", "complaint_12315", {"after_sales", "complaint_12315"}),
        ("complaint_rejected", "court", {"after_sales"}),
    ],
)
def test_a_trouble_about_the_process_says_which_rungs_have_failed(facts, trouble, asked, failed):
    case = Case("quality_problem", climbed=frozenset({"after_sales"}), asked=asked)
    reading = Reading(trouble, None, (), None, frozenset(), frozenset())
    after = take_report(case, reading, facts)
    assert (after.situation, after.others) == ("quality_problem", (trouble,))
    assert after.failed == failed


def test_another_trouble_becomes_the_main_one_and_the_first_is_kept(facts):
    case = open_case(told("quality_problem", facts), facts)
    later = take_report(case, told("invoice_problem", facts), facts)
    assert later.situation == "invoice_problem"
    assert "quality_problem" in later.others


def test_no_words_open_no_case(facts):
    assert take_report(Case(), read("", None, NOTHING_FOUND, facts), facts).situation is None


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("１２３１５", "12315"),
        ("質量問題怎麼辦", "质量问题怎么办"),
        ("鞋子\u200b开胶\ufeff了", "鞋子开胶了"),
        ("  多个   空格\n换行 ", "多个 空格 换行"),
        ("\x00\x07控制符", "控制符"),
        ("太差了了了!!!!", "太差了!"),
        ("哈哈哈哈哈", "哈哈"),
        ("1111块", "1111块"),
        ("质量问提,客副不给退宽", "质量问题,客服不给退款"),
        ("在PDD买的", "在拼多多买的"),
        ("https://pdd-kefu.com/a--b", "https://pdd-kefu.com/a--b"),
        ("坏了😡😡", "坏了气死了气死了"),
        ("收到了📦", "收到了"),
        ("😀😀", "😀😀"),
        ("", ""),
    ],
)
def test_normalising(typed, read_as):
    assert normalise(typed) == read_as


def test_a_very_long_message_keeps_its_start_and_end():
    read_as = normalise("头一" * 300 + "中二" * 4500 + "尾三" * 100)
    assert len(read_as) <= MAX_LENGTH + 1
    assert read_as.startswith("头一头一")
    assert read_as.endswith("尾三" * 100)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("39.9元的鞋坏了", "的鞋坏了"),
        ("打12315有用吗", "打12315有用吗"),
        ("订单240315-123456789012345", "订单"),
    ],
)
def test_numbers_are_left_out_but_for_the_hotlines(text, rest):
    assert without_numbers(text) == rest


def test_every_question_asked_besides_a_trouble_has_an_answer(facts):
    """A question without a template of its own would stop the turn."""
    for topic in facts.topics:
        asked = read("怎么办?", REPORT, found(("injury", 0.9), topics=((topic, 1.0),)), facts).topic
        assert asked is None or (TEMPLATES / "topics" / f"{asked}.j2").is_file()
