"""Is this number, site or caller genuine?"""

from __future__ import annotations

import datetime

import pytest

from weiquan import contacts
from weiquan.questions import contact_answer

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
    ],
)
def test_verdicts(facts, text, kind):
    verdicts = contacts.verify(text, facts)
    assert [one.kind for one in verdicts] == [kind], verdicts


def test_several_numbers_get_a_verdict_each(facts):
    kinds = [one.kind for one in contacts.verify("021-53395288 和 400-688-8888 哪个真", facts)]
    assert kinds == [contacts.OFFICIAL, contacts.KNOWN_WRONG]


def test_a_hotline_inside_an_order_number_is_not_the_hotline(facts):
    verdicts = contacts.verify("订单号202611012345123159", facts)
    assert [one.kind for one in verdicts] in ([], [contacts.UNKNOWN])


@pytest.mark.parametrize("text", ["有人自称客服让我开屏幕共享", "说不取消百万保障就要扣钱", "要我往安全账户转钱"])
def test_known_scripts_of_swindlers_are_named_with_the_urgent_step(facts, text):
    (bubble,) = contact_answer(text, facts, TODAY)
    assert "110" in bubble.text
    assert "止付" in bubble.text


def test_every_wrong_number_is_called_wrong_and_none_is_a_contact(facts):
    spelt = {contacts.digits(w) for c in facts.contacts.values() for w in (c.value, *c.also_written)}
    for wrong in facts.wrong_numbers.values():
        assert contacts.digits(wrong.value) not in spelt
        (verdict,) = contacts.verify(f"{wrong.value} 是真的吗", facts)
        assert verdict.kind == contacts.KNOWN_WRONG
