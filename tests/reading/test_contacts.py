"""Is this number, site or caller genuine?"""

from __future__ import annotations

import datetime

import pytest

from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.reading import contacts
from weiquan.reading.contacts import verify
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.rendering.render import render
from weiquan.replies.topics import contact_reply

TODAY = datetime.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("021-53395288是真的吗", contacts.OFFICIAL),
        ("02153395288", contacts.OFFICIAL),
        ("021 5339 5288 是拼多多吗", contacts.OFFICIAL),
        ("(021)5339 5288 是真的吗", contacts.OFFICIAL),
        ("53395288", contacts.OFFICIAL),
        ("+86 21 5339 5288", contacts.OFFICIAL),
        ("8621-53395288", contacts.OFFICIAL),
        ("12315 是官方的吗", contacts.OFFICIAL),
        ("400-8822-528", contacts.UNVERIFIED),
        ("4008822528", contacts.UNVERIFIED),
        ("021-5339-5088", contacts.MERCHANT),
        ("9541366 打给我了", contacts.CALLER_ID),
        ("400-688-8888 是拼多多客服吗", contacts.KNOWN_WRONG),
        ("4006888888", contacts.KNOWN_WRONG),
        ("13800138000 说是客服", contacts.UNKNOWN),
        ("+86 13800138000", contacts.UNKNOWN),
        ("www.12315.cn 是官网吗", contacts.OFFICIAL),
        ("https://www.12315.cn/cuser 是官网吗", contacts.OFFICIAL),
        ("12315.cn.evil-site.com 是官网吗", contacts.UNKNOWN),
        ("pinduoduo-kefu.top", contacts.UNKNOWN),
        ("kefu@pinduoduo-vip.com", contacts.UNKNOWN),
        ("0086 21 5339 5288", contacts.OFFICIAL),
        ("+86-021-5339-5288是真的吗", contacts.OFFICIAL),
        ("021.5339.5288", contacts.OFFICIAL),
        ("021-53395288转2是真的吗", contacts.OFFICIAL),
        ("(86)400 688 8888", contacts.KNOWN_WRONG),
        ("九五四一三六六打给我", contacts.CALLER_ID),
        ("零二一五三三九五二八八", contacts.OFFICIAL),
        ("021-96110打来的", contacts.OFFICIAL),
        ("021-12315", contacts.UNKNOWN),
        ("9521开头的电话是官方打来的吗", contacts.PARTIAL),
        ("尾号5288的是拼多多吗", contacts.PARTIAL),
        ("QQ 1234567890是客服吗", contacts.PRIVATE),
        ("微信号 pdd_kefu88 是真的吗", contacts.PRIVATE),
        ("让我加wxid_abc123", contacts.PRIVATE),
        ("短信里的 t.cn/A6xyz 能点吗", contacts.UNKNOWN),
        ("kefu.pinduoduo.icu", contacts.UNKNOWN),
    ],
)
def test_verdicts(facts, text, kind):
    verdicts = contacts.verify(text, facts)
    assert [verdict.kind for verdict in verdicts] == [kind], verdicts


def test_several_numbers_get_a_verdict_each(facts):
    kinds = [verdict.kind for verdict in contacts.verify("021-53395288 和 400-688-8888 哪个真", facts)]
    assert kinds == [contacts.OFFICIAL, contacts.KNOWN_WRONG]


def test_a_hotline_inside_an_order_number_is_not_the_hotline(facts):
    verdicts = contacts.verify("订单号202611012345123159", facts)
    assert [verdict.kind for verdict in verdicts] in ([], [contacts.UNKNOWN])


@pytest.mark.parametrize(
    "text",
    [
        "退款299元",
        "2026-11-01下的单",
        "订单240101-123456789012345",
        "快递单号7731234567890 一直不动",
        "微信支付199.9",
        "商家让我加微信付款",
        "有个叫多多售后中心的QQ",
    ],
)
def test_amounts_dates_orders_and_waybills_are_no_contacts(facts, text):
    assert contacts.verify(text, facts) == ()


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("021-53395289", "pdd_hotline"),
        ("95413660打来", "pdd_caller_id"),
        ("www.12315-cn.top", "platform_12315"),
        ("12315.cn.evil-site.com", "platform_12315"),
        ("13800138000", None),
        ("t.cn", None),
    ],
)
def test_what_looks_like_a_listed_contact_is_unknown_and_said_to_look_like_it(facts, text, alike):
    (verdict,) = contacts.verify(text, facts)
    assert verdict.kind == contacts.UNKNOWN
    assert (verdict.alike and verdict.alike.id) == alike


@pytest.mark.parametrize("question", ["是真的吗", "是官方的不", "正规么", "是不是骗子？", "说是官方，对吗"])
def test_who_asks_whether_a_known_number_is_genuine_doubts_it(facts, question):
    text = f"12315{question}"
    assert contacts.is_doubted(text, verify(text, facts), facts)
    assert not contacts.is_doubted("打了12315，是真的没人接", verify("打了12315，是真的没人接", facts), facts)


def test_a_private_account_and_half_a_number_are_answered_with_what_to_do(facts):
    (private,), _ = contact_reply(verify("QQ 1234567890是客服吗", facts), Advice(Case(), facts, TODAY))
    assert facts.never_do["never_private_contact"].text in private.text
    (part,), _ = contact_reply(verify("9521开头的电话是真的吗", facts), Advice(Case(), facts, TODAY))
    assert "号码不全" in part.text
    assert "别回拨" in part.text
    assert contacts.is_unlisted(verify("他让我加QQ 1234567890", facts))
    assert not contacts.is_listed(verify("他让我加QQ 1234567890", facts))


@pytest.mark.parametrize(
    "text",
    [
        "021-53395288、400-688-8888、9541366、4008822528都是真的吗",
        "9541366 13812345678 QQ 1234567 021-53395289",
        "13812345678、13912345678、13712345678、13612345678、13512345678",
        "QQ 1234567 QQ 2345678 尾号5288 13812345678",
        "400-8822-528 和 021-5339-5088 和 021-53395288",
    ],
)
def test_several_contacts_fit_one_bubble_and_keep_the_way_to_the_genuine_service(facts, text):
    (bubble,), _ = contact_reply(verify(text, facts), Advice(Case(), facts, TODAY))
    assert len(bubble.text) <= MAX_BUBBLE
    assert "官方客服" in bubble.text
    assert "止付" in bubble.text


def test_how_to_reach_a_person_names_the_menu_the_line_and_the_key(facts):
    text = render("topics/ask_human_agent", facts, TODAY, situation=None)
    assert "发送「人工客服」或「转人工」" in text
    assert "按 0" in text
    assert facts.contacts["pdd_hotline"].value in text
    assert len(text) <= MAX_BUBBLE


@pytest.mark.parametrize("text", ["有人自称客服让我开屏幕共享", "说不取消百万保障就要扣钱", "要我往安全账户转钱"])
def test_known_scripts_of_swindlers_are_named_with_the_urgent_step(facts, text):
    (bubble,), _ = contact_reply(verify(text, facts), Advice(Case(), facts, TODAY))
    assert "110" in bubble.text
    assert "止付" in bubble.text


def test_every_wrong_number_is_called_wrong_and_none_is_a_contact(facts):
    spelt = {contacts.digits(w) for c in facts.contacts.values() for w in (c.value, *c.also_written)}
    for wrong in facts.wrong_numbers.values():
        assert contacts.digits(wrong.value) not in spelt
        (verdict,) = contacts.verify(f"{wrong.value} 是真的吗", facts)
        assert verdict.kind == contacts.KNOWN_WRONG
