"""The compensation estimate: figures, conditions, exclusions, questions, and its text."""

from __future__ import annotations

import datetime
import itertools
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weiquan.advice.advice import Advice
from weiquan.advice.compensation import circumstance, estimate, is_odd_amount, open_circumstances, ruled_out, yuan
from weiquan.case.case import Case
from weiquan.case.events import STAGES
from weiquan.dialogue.circumstances import find_circumstances
from weiquan.facts.knowledge import load
from weiquan.facts.record_reader import KnowledgeError
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies.estimate import estimate_text

TODAY = datetime.date(2026, 11, 24)
STALE = datetime.date(2027, 11, 24)
PROMISES = re.compile("一定|保证能|肯定|包退|必赔|！|!")


def claim_of(rule_id, facts, **known):
    """Return the one claim of a rule, None where the estimate has none."""
    found = [claim for claim in estimate(Case(**known), facts) if claim.rule.id == rule_id]
    assert len(found) < 2
    return found[0] if found else None


def places(facts):
    """Yield every situation, plain and in each of its variants."""
    for situation in facts.situations.values():
        for variant in (None, *(special.id for special in situation.variants)):
            yield situation.id, variant


@pytest.mark.parametrize(
    ("rule", "situation", "paid", "answers", "amount", "formula"),
    [
        # Fraud: three times the price, at least 500. The price of the threshold lies between 166.66 and 166.67.
        ("fraud_triple", "counterfeit", 120, {}, "500", "120 元 × 3 = 360 元，不足 500 元，按 500 元"),
        ("fraud_triple", "counterfeit", 166.66, {}, "500", "166.66 元 × 3 = 499.98 元，不足 500 元，按 500 元"),
        ("fraud_triple", "counterfeit", 166.67, {}, "500.01", "166.67 元 × 3 = 500.01 元"),
        ("fraud_triple", "secondhand_as_new", 899, {}, "2697", "899 元 × 3 = 2697 元"),
        ("fraud_triple", "price_dispute", 0.01, {}, "500", "0.01 元 × 3 = 0.03 元，不足 500 元，按 500 元"),
        # Food: ten times, at least 1,000.
        ("food_tenfold", "food_safety", 99.99, {}, "1000", "99.99 元 × 10 = 999.9 元，不足 1000 元，按 1000 元"),
        ("food_tenfold", "food_safety", 100, {}, "1000", "100 元 × 10 = 1000 元"),
        ("food_tenfold", "food_safety", 100.01, {}, "1000.1", "100.01 元 × 10 = 1000.1 元"),
        ("food_tenfold", "food_safety", None, {}, None, "实付的钱 × 10，不足 1000 元按 1000 元"),
        (
            "food_tenfold",
            "food_safety",
            300,
            {"stocked_up_knowingly": True},
            None,
            "自家合理用量的钱 × 10，不足 1000 元按 1000 元",
        ),
        ("food_loss_triple", "food_safety", 39.9, {}, None, "损失 × 3，不足 1000 元按 1000 元"),
        ("tenfold_promise", "counterfeit", 39.9, {"promised_tenfold": True}, "399", "39.9 元 × 10 = 399 元"),
        # A deposit is worked out in figures only where nothing but it was paid.
        ("double_deposit", "presale_deposit", 50, {"paid_deposit_only": True}, "100", "50 元 × 2 = 100 元"),
        ("double_deposit", "presale_deposit", 50, {}, None, "定金 × 2"),
        ("double_deposit", "presale_deposit", 50, {"paid_deposit_only": False}, None, "定金 × 2"),
        ("double_difference", "price_dispute", 200, {}, None, "差价 × 2，最多 200 元"),
        ("double_difference", "price_dispute", None, {}, None, "差价 × 2"),
        ("refund_part", "wrong_or_missing_item", 88, {}, None, "少发部分的钱，发错的退全款，最多 88 元"),
        ("refund_undelivered", "not_shipped", 39.9, {}, "39.9", "39.9 元"),
        ("refund_undelivered", "not_shipped", None, {}, None, "实付的钱"),
        ("refund_undelivered", "not_shipped", 10.005, {}, "10.01", "10.01 元"),
        ("refund_unauthorised", "account_theft", 2000, {}, "2000", "2000 元"),
        ("injury_losses", "injury", 60, {}, None, "医疗费、护理费、交通费、误工收入等"),
        ("injury_punitive", "injury", 60, {}, None, "最多损失 × 2"),
        ("freight_by_law", "quality_problem", 60, {}, None, "实际花的必要运费，商家出"),
    ],
)
def test_what_each_claim_comes_to(facts, rule, situation, paid, answers, amount, formula):
    found = claim_of(rule, facts, situation=situation, amount=paid, circumstances=answers)
    assert found is not None
    assert found.amount == (None if amount is None else Decimal(amount))
    assert found.formula == formula


@pytest.mark.parametrize(
    ("rule", "situation", "variant", "answers", "why"),
    [
        ("fraud_triple", "counterfeit", None, {"seller_deceived": False}, "没有欺诈的证据"),
        ("fraud_triple", "quality_problem", None, {"label_flaw_only": True}, "不误导人的标签小瑕疵"),
        ("fraud_triple", "counterfeit", None, {"stocked_up_knowingly": True}, "明知有问题、超出自家用量去买的"),
        ("food_tenfold", "food_safety", None, {"label_flaw_only": True}, "不影响安全的标签小瑕疵"),
        ("food_loss_triple", "food_safety", None, {"fell_ill": False}, "没有人不舒服"),
        ("tenfold_promise", "counterfeit", None, {"promised_tenfold": False}, "页面没写"),
        ("double_deposit", "presale_deposit", None, {"called_deposit": False}, "没写明是定金"),
        ("double_deposit", "presale_deposit", None, {"seller_broke_deal": False}, "不是商家违约"),
        ("freight_by_law", "refund_refused", None, {"goods_at_fault": False}, "不是东西有问题，一般自己出"),
        ("refund_seven_day", "refund_refused", None, {"goods_at_fault": True}, "东西本身有问题的（按质量问题退）"),
        ("refund_minor", "minor_purchase", "top_up", {"guardian_agreed": True}, "家长事先同意过的"),
        (
            "refund_off_platform",
            "off_platform_payment",
            None,
            {"staff_led_off_platform": False},
            "不是店里的人，按诈骗报警",
        ),
        ("injury_punitive", "injury", None, {"serious_harm": False}, "伤得不算重"),
    ],
)
def test_a_told_circumstance_rules_a_claim_out_and_says_why(facts, rule, situation, variant, answers, why):
    case = Case(situation=situation, variant=variant, amount=100.0)
    assert claim_of(rule, facts, situation=situation, variant=variant, amount=100.0)
    assert rule not in {refused.id for refused, _ in ruled_out(case, facts)}
    answered = Case(situation=situation, variant=variant, amount=100.0, circumstances=answers)
    assert claim_of(rule, facts, situation=situation, variant=variant, amount=100.0, circumstances=answers) is None
    assert (rule, why) in {(refused.id, reason) for refused, reason in ruled_out(answered, facts)}


def test_claims_come_surest_first_and_what_is_told_is_no_longer_a_condition(facts):
    asked = [claim.rule.id for claim in estimate(Case(situation="counterfeit", amount=100.0), facts)]
    assert asked == ["refund_fake", "freight_by_law", "fraud_triple", "tenfold_promise"]
    answered = Case(situation="counterfeit", amount=100.0, circumstances={"promised_tenfold": True})
    after = estimate(answered, facts)
    assert [claim.rule.id for claim in after] == ["refund_fake", "freight_by_law", "tenfold_promise", "fraud_triple"]
    assert after[2].needs == ("是假冒注册品牌，最好有鉴定",)
    assert after[2].met is None
    # Told by the situation itself: counterfeit goods are at fault.
    assert after[1].needs == ()
    assert after[1].met is True


def test_fraud_in_food_is_neither_asked_about_nor_offered_before_it_is_told(facts):
    case = Case(situation="food_safety", amount=50.0)
    assert open_circumstances(case, facts) == ("label_flaw_only", "fell_ill")
    assert claim_of("food_fraud_triple", facts, situation="food_safety", amount=50.0) is None
    answered = Case(situation="food_safety", amount=50.0, circumstances={"seller_deceived": True})
    punitive = [(claim.rule.id, claim.amount) for claim in estimate(answered, facts) if claim.rule.tier == 3]
    assert punitive[0] == ("food_tenfold", 1000)
    assert ("food_fraud_triple", 500) in punitive


def test_illness_brings_the_medical_losses_without_an_amount(facts):
    found = claim_of("illness_losses", facts, situation="food_safety", variant="illness", amount=50.0)
    assert found.amount is None
    assert "cpl_49" in found.rule.laws
    assert claim_of("illness_losses", facts, situation="food_safety", amount=50.0) is None


def test_no_freight_before_the_goods_have_come(facts):
    assert claim_of("freight_by_law", facts, situation="quality_problem", stage="received")
    assert claim_of("freight_by_law", facts, situation="quality_problem", stage="unshipped") is None


def test_a_variant_can_be_left_out_of_a_rule(facts):
    assert claim_of("refund_undelivered", facts, situation="logistics_problem", variant="lost_parcel")
    assert claim_of("refund_undelivered", facts, situation="logistics_problem", variant="left_at_station") is None


def test_a_second_trouble_brings_its_claims(facts):
    assert (
        claim_of("fraud_triple", facts, situation="refund_refused", others=("counterfeit",), amount=10.0).amount == 500
    )


@pytest.mark.parametrize("amount", [0.0, -5.0, 0.004, 10_000_000.01, 1e18, float("inf"), float("nan")])
def test_an_odd_amount_gets_no_estimate(facts, amount):
    case = Case(situation="counterfeit", amount=amount)
    assert is_odd_amount(case)
    assert estimate(case, facts) == ()
    assert open_circumstances(case, facts) == ()
    text = estimate_text(Advice(case, facts, TODAY))
    assert "先不算" in text
    assert "500" not in text


def test_money_is_written_without_needless_zeros():
    assert [yuan(Decimal(amount)) for amount in ("120", "39.90", "1000.00", "0.005", "39.944", "10000000")] == [
        "120 元",
        "39.9 元",
        "1000 元",
        "0.01 元",
        "39.94 元",
        "10000000 元",
    ]


PRICES = st.decimals("0.01", "10000000", places=2).map(float)


@given(paid=PRICES)
@settings(max_examples=40, deadline=None)
def test_minimum_holds_and_a_refund_never_exceeds_the_price(facts, paid):
    for situation, variant in places(facts):
        for claim in estimate(Case(situation=situation, variant=variant, amount=paid), facts):
            if claim.amount is None:
                continue
            if claim.rule.minimum is not None:
                assert claim.amount >= claim.rule.minimum
            assert claim.amount >= Decimal(str(paid)) * claim.rule.factor
            if claim.rule.id.startswith("refund_"):
                assert claim.amount == Decimal(str(paid))
            assert claim.amount == claim.amount.quantize(Decimal("0.01"))


@given(price=PRICES, other_price=PRICES, situation=st.sampled_from(["counterfeit", "food_safety", "not_shipped"]))
@settings(deadline=None)
def test_who_paid_more_can_claim_no_less(facts, price, other_price, situation):
    less, more = sorted([price, other_price])
    cheap = {found.rule.id: found.amount for found in estimate(Case(situation=situation, amount=less), facts)}
    dear = {found.rule.id: found.amount for found in estimate(Case(situation=situation, amount=more), facts)}
    assert cheap.keys() == dear.keys()
    assert all(amount is None or amount <= dear[rule] for rule, amount in cheap.items())


def test_the_most_telling_question_comes_first_and_an_answered_one_is_gone(facts):
    # Twelve yuan: the minimum of 500 hangs on fraud, 120 on the promise; of 900 yuan the promise brings 9,000.
    assert open_circumstances(Case(situation="counterfeit", amount=12.0), facts)[0] == "seller_deceived"
    assert open_circumstances(Case(situation="counterfeit", amount=900.0), facts)[0] == "promised_tenfold"
    assert open_circumstances(
        Case(situation="counterfeit", amount=900.0, circumstances={"promised_tenfold": False}), facts
    ) == ("seller_deceived",)
    assert open_circumstances(Case(situation="quality_problem"), facts) == ("seller_deceived",)
    assert "fell_ill" not in open_circumstances(Case(situation="food_safety", variant="illness"), facts)
    assert open_circumstances(Case(situation="impersonation_fraud"), facts) == ()


def test_every_question_put_has_two_answers_that_differ(facts):
    for situation, variant in places(facts):
        case = Case(situation=situation, variant=variant, amount=80.0)
        for name in open_circumstances(case, facts):
            answers = [
                {
                    (claim.rule.id, claim.formula)
                    for claim in estimate(Case(**{**vars(case), "circumstances": answers}), facts)
                }
                for answers in ({name: True}, {name: False})
            ]
            assert answers[0] != answers[1], (situation, variant, name)
            assert name != "stocked_up_knowingly"


def test_a_circumstance_is_found_by_its_id(facts):
    assert circumstance("promised_tenfold", facts).why
    assert circumstance("nowhere", facts) is None


@pytest.mark.parametrize(
    ("text", "situation", "answers"),
    [
        ("页面明明写着假一赔十", "counterfeit", {"promised_tenfold": True}),
        ("页面没写假一赔十", "counterfeit", {"promised_tenfold": False}),
        ("商家说是假一赔十的", "counterfeit", {"promised_tenfold": True}),
        ("卖家自己承认是假货", "counterfeit", {"seller_deceived": True}),
        ("面包发霉长毛了", "food_safety", {"label_flaw_only": False}),
        ("标签上有错别字", "food_safety", {"label_flaw_only": True}),
        ("定金付了 商家说没货", "presale_deposit", {"seller_broke_deal": True}),
        ("孩子瞒着我们下的单", "minor_purchase", {"guardian_agreed": False}),
        ("没经我同意就放驿站", "logistics_problem", {}),
        ("东西不好", "counterfeit", {}),
    ],
)
def test_what_was_told_needs_no_question(facts, text, situation, answers):
    assert find_circumstances(text, Case(situation=situation), facts) == answers


def answers_of(situation, variant, facts):
    """Yield ways to answer all that may be asked in a situation: nothing, all yes, all no, and each one alone."""
    rules = [
        rule for rule in facts.compensation_rules.values() if situation in {p.split(".")[0] for p in rule.situations}
    ]
    names = sorted({name for rule in rules for name in rule.circumstances()})
    yield {}
    for answer in (True, False):
        yield dict.fromkeys(names, answer)
        yield from ({name: answer} for name in names)


@pytest.mark.parametrize("today", [TODAY, STALE])
def test_every_text_fits_a_bubble_and_promises_nothing(facts, today):
    count = 0
    for situation, variant in places(facts):
        for answers, amount, stage in itertools.product(
            answers_of(situation, variant, facts), (None, 39.9, 9_999_999.99), (None, *STAGES)
        ):
            case = Case(situation=situation, variant=variant, amount=amount, stage=stage, circumstances=answers)
            text = estimate_text(Advice(case, facts, today))
            assert len(text) <= MAX_BUBBLE, (case, text)
            assert not PROMISES.search(text), text
            assert "不能替您打包票" in text
            firsts = {claim.rule.choice or claim.rule.id: claim for claim in reversed(estimate(case, facts))}
            assert all(claim.formula in text for claim in firsts.values() if claim.amount or claim.rule.tier < 3), text
            assert not re.search(r"[{}]|None|True|False|\bE\+", text), text
            count += 1
    assert count > 2_000


def test_two_troubles_at_once_still_fit(facts):
    for situation, other in itertools.combinations(facts.situations, 2):
        text = estimate_text(Advice(Case(situation=situation, others=(other,), amount=1234.56), facts, STALE))
        assert len(text) <= MAX_BUBBLE, text
        assert "不能替您打包票" in text


def test_the_text_says_what_is_added_what_is_a_choice_and_what_fell(facts):
    text = estimate_text(
        Advice(Case(situation="food_safety", amount=39.9, circumstances={"fell_ill": True}), facts, TODAY)
    )
    assert "39.9 元 × 10 = 399 元，不足 1000 元，按 1000 元，退款之外另加" in text
    assert "项只能选一样" in text
    assert "医疗费" in text
    fallen = estimate_text(
        Advice(Case(situation="quality_problem", amount=39.9, circumstances={"seller_deceived": False}), facts, TODAY)
    )
    assert "【没算进来】欺诈加赔 3 倍（没有欺诈的证据）" in fallen
    assert "500" not in fallen
    assert "告诉我实付多少元" in estimate_text(Advice(Case(situation="counterfeit"), facts, TODAY))
    assert "告诉我实付多少元" not in estimate_text(Advice(Case(situation="counterfeit", amount=8.0), facts, TODAY))
    assert "先说说" in estimate_text(Advice(Case(), facts, TODAY))


def test_what_is_not_certain_is_said_to_be_usual(facts):
    text = estimate_text(Advice(Case(situation="price_dispute", amount=30.0), facts, TODAY))
    assert "买贵双倍赔（通常）" in text
    assert "以 App 页面显示为准" in text


def test_the_figures_are_those_of_the_articles_cited(facts):
    checked = 0
    for rule in facts.compensation_rules.values():
        meanings = "".join(facts.laws[law].meaning for law in rule.laws)
        if rule.minimum is not None:
            assert f"{rule.minimum} 元" in meanings, rule.id
            checked += 1
        if rule.tier == 3 and rule.id != "tenfold_promise":
            assert f"{rule.factor} 倍" in meanings, rule.id
            checked += 1
    assert checked == 9
    assert "双倍" in facts.laws["cc_587"].meaning


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("laws: [cpl_55, penalty_16, cplr_49]", "laws: [cpl_5555]", "cpl_5555"),
        ("circumstance: promised_tenfold", "circumstance: promised_twelvefold", "promised_twelvefold"),
        ("situations: [counterfeit, subsidy_dispute]", "situations: [counterfeits]", "counterfeits"),
        ("told_by: [food_safety.illness]", "told_by: [food_safety.sickness]", "food_safety.sickness"),
        ("    otherwise: 没有保价承诺\n", "", "otherwise"),
        ("  amount_if: paid_deposit_only\n", "", "amount_if"),
        ("basis: freight", "basis: postage", "basis"),
        ("factor: 10", "factor: 0", "factor"),
        ("minimum: 500", "minimum: many", "minimum"),
        ("source: [consumer_law, civil_code]", "source: [hearsay]", "hearsay"),
        (
            "circumstances:\n",
            "circumstances:\n- {id: x_unused, question: 问, why: 因, yes_label: 是, no_label: 否}\n",
            "x_unused",
        ),
        ("残疾/", "残疾//", "空的词"),
    ],
)
def test_a_broken_rule_stops_the_start_with_file_line_and_reason(knowledge_copy, old, new, reason):
    file = knowledge_copy / "compensation.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(knowledge_copy)
    assert any(
        reason in problem and re.match(r"compensation\.yml:\d+: ", problem) for problem in caught.value.problems
    ), caught.value.problems
