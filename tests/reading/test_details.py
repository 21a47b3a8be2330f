"""What a message tells of a case: days of events, stage, price paid, remedy, order number."""

from __future__ import annotations

import datetime
import time
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from components.nlu import spacy_pipeline
from components.nlu.shopper_entities import ShopperEntityExtractor
from tests.conftest import ROOT
from weiquan.case.case import Case
from weiquan.language.normalisation import normalise
from weiquan.reading.detail_finder import find_details
from weiquan.reading.details import Details, Entity, add_details, read_entity
from weiquan.reading.prices import bare_amount

TODAY = datetime.date(2026, 11, 24)
"""A Tuesday."""
NOW = datetime.datetime(2026, 11, 24, 12)
ORDER = "241110-123456789012345"


def day(text: str) -> datetime.date:
    """Read 11-20 as a day of 2026, 2025-12-01 as it is."""
    return datetime.date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def read(text: str) -> Details:
    text = normalise(text)
    found = [read_entity(entity) for entity in ShopperEntityExtractor().extract(text, NOW)]
    return find_details(text, [entity for entity in found if entity], TODAY)


def details(
    *bare: str,
    stage: Optional[str] = None,
    amount: Optional[float] = None,
    remedy: Optional[str] = None,
    order: Optional[str] = None,
    future: bool = False,
    sums: Optional[dict[str, float]] = None,
    adds: bool = False,
    **dates: str,
) -> Details:
    """What a message should tell, and nothing else: days of events by name, days of nothing first."""
    return Details(
        stage=stage,
        dates={event: day(date) for event, date in dates.items()},
        bare_dates=tuple(day(date) for date in bare),
        amount=amount,
        remedy=remedy,
        order_number=order,
        future=future,
        sums=sums or {},
        adds=adds,
    )


RECEIVED, SHIPPED, UNSHIPPED, RETURNED = "received", "shipped", "unshipped", "returned"

MESSAGES = [
    # Signed for
    ("三天前签收的", details(received="11-21", stage=RECEIVED)),
    ("签收3天了", details(received="11-21", stage=RECEIVED)),
    ("是上周三收到的货", details(received="11-18", stage=RECEIVED)),
    ("我是上个礼拜六拿到的", details(received="11-21", stage=RECEIVED)),
    ("礼拜天到的货", details(received="11-22", stage=RECEIVED)),
    ("上上周五收到的", details(received="11-13", stage=RECEIVED)),
    ("5天前收的货", details(received="11-19", stage=RECEIVED)),
    ("签收都一个多月了", details(received="10-24", stage=RECEIVED)),
    ("11月20日下午签收", details(received="11-20", stage=RECEIVED)),
    ("昨天到的,烂了一半", details(received="11-23", stage=RECEIVED)),
    ("前天的晚上收到", details(received="11-22", stage=RECEIVED)),
    ("确认收货十天了", details(confirmed="11-14", stage=RECEIVED)),
    ("前天点的确认收货,昨天发现是假货", details("11-23", confirmed="11-22", stage=RECEIVED)),
    ("收到货了", details(stage=RECEIVED)),
    # Bought, paid, sent
    ("双十一买的", details(ordered="11-11")),
    ("今年3月8号买的手机", details(ordered="03-08")),
    ("2026-11-03下单", details(ordered="11-03")),
    ("三个月前买的", details(ordered="08-24")),
    ("上周一付的款", details(paid="11-16")),
    ("发货一周了", details(shipped="11-17")),
    ("去年12月买的", details()),
    ("十年前买的", details()),
    # Not there yet
    ("还没收到", details(stage=SHIPPED)),
    ("还没签收", details(stage=SHIPPED)),
    ("快递十天了还没到", details("11-14", stage=SHIPPED)),
    ("等了半个月了还没收到", details("11-09", stage=SHIPPED)),
    ("快递在路上,物流三天没更新了", details("11-21", stage=SHIPPED)),
    ("我没收到货", details(stage=SHIPPED)),
    ("一直没收到商家回复", details()),
    ("赠品没收到", details()),
    ("一直显示待发货", details(stage=UNSHIPPED)),
    ("下单十天了还没发货", details(ordered="11-14", stage=UNSHIPPED)),
    ("买了半个月,商家一直不发货", details(ordered="11-09", stage=UNSHIPPED)),
    ("我是10月8号下的单,到现在都没发货", details(ordered="10-08", stage=UNSHIPPED)),
    ("快递显示昨天签收,可我根本没收到", details("11-23", stage=SHIPPED)),
    # Steps, by the shopper and by others
    ("昨天联系的卖家,到现在没回", details(negotiated="11-23")),
    ("昨天申请的仅退款,今天就被拒绝了", details(applied="11-23", refused="11-24")),
    ("前天找平台介入了", details(intervened="11-22")),
    ("上周五投诉到平台客服那里了", details(complained_to_platform="11-20")),
    ("前天打了12315", details(complained_12315="11-22")),
    ("12315上周五受理的", details(accepted_12315="11-20")),
    ("我昨天报的警", details(called_police="11-23")),
    ("昨晚被烫伤了", details(harmed="11-23")),
    ("11月21号去的医院", details(harmed="11-21")),
    ("货寄回去五天了,商家没退款", details(returned="11-19", stage=RETURNED)),
    ("已经寄回去了", details(stage=RETURNED)),
    ("商家前天签收了我的退货,钱没退", details(return_received="11-22", stage=RETURNED)),
    ("退货商家已经签收了", details(stage=RETURNED)),
    ("退货三天了商家还没收到", details("11-21", stage=RETURNED)),
    ("退货仓库11月19号就签收了", details(return_received="11-19", stage=RETURNED)),
    ("十三号商家签收,十四号点了同意", details("11-14", return_received="11-13", stage=RETURNED)),
    # What is denied tells no event, nor do the words within it
    ("三天了没有揽收", details("11-21")),
    ("单号三天了没有揽收", details(shipped="11-21")),
    ("一直没确认收货", details()),
    ("过一天就看不到了", details("11-23")),
    ("还没发", details(stage=UNSHIPPED)),
    ("三天没发现问题", details("11-21")),
    # Several days in one message
    ("10号下单,12号发货,15号到的", details(ordered="11-10", shipped="11-12", received="11-15", stage=RECEIVED)),
    (
        "11月5日下单 11月9日收到 11月10日申请退款",
        details(ordered="11-05", received="11-09", applied="11-10", stage=RECEIVED),
    ),
    (
        "双十一买的,11月15号到的,昨天商家拒绝了退款",
        details(ordered="11-11", received="11-15", refused="11-23", stage=RECEIVED),
    ),
    (
        "11.18收到的货,11.20申请退货,22号被驳回",
        details(received="11-18", applied="11-20", refused="11-22", stage=RECEIVED),
    ),
    ("我20号申请退款的,21号商家就拒绝了", details(applied="11-20", refused="11-21")),
    ("10天前拍的,3天前发的货", details(ordered="11-14", shipped="11-21")),
    ("上周三收到货,周末才发现开胶", details("11-21", received="11-18", stage=RECEIVED)),
    # How long something was used is no day of anything, and says that it is at hand
    ("买的鞋子穿两天就开胶了,11月20号签收的", details(received="11-20", stage=RECEIVED)),
    ("买的鞋穿了两天就开胶", details(stage=RECEIVED)),
    ("电饭煲用了不到一个月就坏了", details(stage=RECEIVED)),
    ("11月1号买的,用了三次就漏电", details(ordered="11-01", stage=RECEIVED)),
    ("裙子一洗就掉色", details(stage=RECEIVED)),
    ("用了三天才发货", details()),
    ("吃了两次亏", details()),
    ("一直等着穿,还没发货", details(stage=UNSHIPPED)),
    # Of days that cannot be in their order the less certain one goes
    ("买的鞋子两天就开胶了,11月20号签收的", details(received="11-20", stage=RECEIVED)),
    ("11月20号签收的,下单两天了", details(received="11-20", stage=RECEIVED)),
    ("11月20号下单,签收五天了", details(ordered="11-20", stage=RECEIVED)),
    ("11月20号下单,11月18号收到", details(received="11-18", stage=RECEIVED)),
    ("11月18号收到,11月20号扣的款", details(received="11-18", paid="11-20", stage=RECEIVED)),
    # Days to come, and days that something was promised for
    ("预计11月30号发货", details(future=True)),
    ("商家说明天发货", details(future=True)),
    ("上周一付的款,下周一才发货", details(paid="11-16", future=True)),
    ("说好11月20号前发货,到现在还没发货", details(stage=UNSHIPPED)),
    ("客服承诺20号发货,现在都没发", details("11-20", stage=UNSHIPPED)),
    # A day that is denied
    ("不是昨天,是前天", details("11-22")),
    ("是周四签收的,不是周三", details(received="11-19", stage=RECEIVED)),
    # A whole message that is a day
    ("11.15", details("11-15")),
    ("12-30", details("2025-12-30")),
    ("2.30", details()),
    # What is received, sent or made that is not the goods
    ("昨天收到退款短信", details("11-23")),
    ("昨天收到商家回复", details("11-23")),
    ("前天没收到退款", details("11-22")),
    ("退款三天了还没到账", details("11-21")),
    # What was paid
    ("花了299买的电饭煲,只肯退50", details(amount=299)),
    ("39块9买的,运费自己出了8块", details(amount=39.9, sums={"freight": 8})),
    ("一共付了1280元,定金是100", details(amount=1280, sums={"deposit": 100})),
    ("实付58.8", details(amount=58.8)),
    ("原价399,到手价259", details(amount=259)),
    ("买的时候99块,现在降到59块", details(amount=99)),
    ("付的是49块不是39块", details(amount=49)),
    ("三百多块买的", details(amount=300)),
    ("128块的鞋", details(amount=128)),
    # Money that is not the price
    ("商家只肯退20块", details()),
    ("运费12块谁出", details(sums={"freight": 12})),
    ("押金200不退", details()),
    ("退款200没到账", details()),
    ("补偿我5块钱", details()),
    ("定金50,尾款还没付", details(sums={"deposit": 50})),
    # A bill for treatment is no price, and what comes on top is added.
    ("看病花了600", details(sums={"medical": 600})),
    ("医药费一共花了1200元", details(sums={"medical": 1200})),
    ("一单30,又买了一单50", details(amount=80)),
    ("又翻到一笔150的", details(amount=150, adds=True)),
    ("便宜了30块让我别退", details()),
    ("给我5块无门槛券", details()),
    ("几十块钱的东西", details()),
    # Wishes and numbers
    ("我要换货", details(remedy="exchange")),
    ("不要换货,我要退款", details(remedy="refund")),
    ("要求退一赔三", details(remedy="triple")),
    ("商家只同意换货", details()),
    (f"订单号{ORDER}", details(order=ORDER)),
    ("12315电话多少", details()),
    ("你好", details()),
]


@pytest.mark.parametrize(("text", "details"), MESSAGES, ids=[text for text, _ in MESSAGES])
def test_what_a_message_tells(text, details):
    assert read(text) == details


@pytest.fixture(scope="module")
def read_goods():
    """Return a function that reads a text as the whole pipeline does, goods included."""
    pipeline = spacy_pipeline.build(ROOT / "data" / "entities", ROOT / "data" / "dictionary")
    extractor = ShopperEntityExtractor()

    def read_all(text: str) -> Details:
        text = normalise(text)
        message = Message({"text": text, "metadata": {"timestamp": NOW.isoformat()}})
        goods = [
            {"entity": span.label_, "value": span.text, "start": span.start_char, "end": span.end_char}
            for span in pipeline(text).ents
        ]
        message.set("entities", goods)
        extractor.process([message])
        found = [read_entity(entity) for entity in message.get("entities")]
        return find_details(text, [entity for entity in found if entity], TODAY)

    return read_all


def test_a_long_message_fills_the_case(read_goods):
    text = (
        "我11月10号在拼多多买了一台电饭煲，花了299，11月15号签收的，用了两次就漏电。"
        f"18号申请退货退款，商家20号拒绝了，只肯退50，运费还要我出12块。我要退货退款，订单号是{ORDER}"
    )
    case = add_details(Case("quality_problem"), read_goods(text))
    assert (case.goods, case.stage, case.amount) == ("电饭煲", RECEIVED, 299)
    assert (case.remedy, case.order_number) == ("return_refund", ORDER)
    assert case.dates == {
        "ordered": day("11-10"),
        "received": day("11-15"),
        "applied": day("11-18"),
        "refused": day("11-20"),
    }


def test_the_latest_word_counts_and_the_first_goods_stay():
    case = Case(goods="鞋", stage=SHIPPED, amount=39.0, dates={"ordered": day("11-01")})
    added = Details(goods="赠品", stage=RECEIVED, amount=49.0, dates={"received": day("11-20")})
    after = add_details(case, added)
    assert (after.goods, after.stage, after.amount) == ("鞋", RECEIVED, 49.0)
    assert after.dates == {"ordered": day("11-01"), "received": day("11-20")}
    assert add_details(after, Details()) == after


@pytest.mark.parametrize(
    ("known", "text", "dates"),
    [
        ({"received": "11-20"}, "买两天了", {"received": "11-20"}),
        ({"ordered": "11-22"}, "11月20号签收的", {"received": "11-20"}),
        ({"ordered": "11-10", "received": "11-15"}, "说错了,11月18号下的单", {"ordered": "11-18"}),
        ({"ordered": "11-10", "received": "11-15"}, "前天寄回去的", None),
    ],
)
def test_no_event_is_dated_after_what_it_must_come_before(known, text, dates):
    before = {event: day(date) for event, date in known.items()}
    after = add_details(Case(dates=before), read(text)).dates
    expected = {event: day(date) for event, date in dates.items()} if dates else {**before, "returned": day("11-22")}
    assert after == expected


CHAIN = ("ordered", "shipped", "received", "confirmed", "returned", "return_received")


@given(
    known=st.dictionaries(st.sampled_from((*CHAIN, "paid", "refused")), st.integers(0, 9)),
    stated_now=st.dictionaries(st.sampled_from((*CHAIN, "paid", "refused")), st.integers(0, 9)),
    lengths=st.frozensets(st.sampled_from(CHAIN)),
)
def test_the_days_of_a_case_are_in_their_order_whatever_is_told(known, stated_now, lengths):
    def days(some):
        return {event: TODAY - datetime.timedelta(days=n) for event, n in some.items()}

    case = add_details(Case(), Details(dates=days(known)))
    after = add_details(case, Details(dates=days(stated_now), from_lengths=lengths)).dates
    in_order = [after[event] for event in CHAIN if event in after]
    assert in_order == sorted(in_order)
    assert "paid" not in after or "ordered" not in after or after["ordered"] <= after["paid"]
    assert {"refused"} & {*known, *stated_now} <= set(after)
    certain = set(stated_now) - lengths
    if len(certain) == 1:
        assert after[next(iter(certain))] == days(stated_now)[next(iter(certain))]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("128", 128),
        ("128元。", 128),
        ("大概三百多", 300),
        ("一百二", 120),
        ("一共49块", 49),
        ("1.2万", 12000),
        ("几百", None),
        ("十天了", None),
        ("0", None),
        ("不记得了", None),
        ("", None),
    ],
)
def test_a_bare_number_is_an_amount(text, yuan):
    assert bare_amount(text) == yuan


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"entity": "date"},
        {"entity": 3, "value": "x"},
        {"entity": "date", "value": "2026-13-40", "start": 0, "end": 2},
        {"entity": "date", "value": "/", "start": 0, "end": 2},
        {"entity": "date", "value": 20261120, "start": 0, "end": 2},
        {"entity": "amount", "value": "39.9元", "start": 0, "end": 2},
        {"entity": "amount", "value": True, "start": 0, "end": 2},
        {"entity": "duration", "value": "P3D", "since": "soon"},
    ],
)
def test_damaged_entities_tell_nothing(damaged):
    entity = read_entity(damaged)
    assert find_details("前天", [entity] if entity else [], TODAY).is_empty


@pytest.mark.parametrize(
    ("text", "shop"),
    [
        ("11月17号我在「青禾厨电」拍了个电压力锅", "青禾厨电"),
        ("店铺“好运来家居”发来的柜子是坏的", "好运来家居"),
        ("在小禾旗舰店买的锅掉漆", "小禾旗舰店"),
        ("我上周在小禾旗舰店买的锅掉漆", "小禾旗舰店"),
        ("我在一家旗舰店买的", None),
        ("店铺不是旗舰店,是专卖店", None),
        ("他说“没有问题”，就不回了", None),
        ("客服说「亲，可以的」", None),
        ("买的锅掉漆", None),
    ],
)
def test_a_shop_that_is_named_is_taken_down(text, shop):
    assert read(text).shop == shop
    assert add_details(Case(shop="旧店"), read(text)).shop == (shop or "旧店")


def test_a_message_full_of_days_is_read_in_time_linear_in_it():
    spent = []
    for length in (1_000, 4_000):
        text = ("昨天收到商家发货" * length)[:length]
        days = [Entity("date", "2026-11-23", place, place + 2) for place in range(0, length - 2, 8)]
        began = time.process_time()
        find_details(text, days, TODAY)
        spent.append(time.process_time() - began)
    assert spent[1] < max(0.5, 12 * spent[0]), spent


def test_the_seventh_day_after_an_event_is_not_the_day_of_the_event():
    today = datetime.date(2026, 11, 24)
    told = [Entity("date", "2026-11-24", 0, 2)]
    assert find_details("今天是签收第七天,不想要了还能退吗", told, today).dates == {}
    assert find_details("今天签收的,不想要了还能退吗", told, today).dates == {"received": today}
