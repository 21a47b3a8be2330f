"""The entities of a message: spaCy's from the word lists, and those that are read."""

from __future__ import annotations

import datetime
import json
import pathlib
import time

import pytest
import spacy
from rasa.shared.nlu.training_data.message import Message

from components.nlu import spacy_pipeline
from components.nlu.shopper_entities import ShopperEntityExtractor
from tests.conftest import ROOT
from weiquan.language.entities import wishes
from weiquan.language.normalisation import normalise

NOW = "2026-11-24T12:00:00"
WORDS = ROOT / "data" / "entities"


@pytest.fixture(scope="module")
def pipeline() -> spacy.Language:
    return spacy_pipeline.build(WORDS, ROOT / "data" / "dictionary")


@pytest.fixture(scope="module")
def extractor() -> ShopperEntityExtractor:
    component = ShopperEntityExtractor()
    component.warm_up()
    return component


@pytest.fixture
def parse(pipeline, extractor):
    """Return a function: text -> [(entity, words, value)] as the two extractors settle it."""

    def parsed(text: str) -> list[tuple[str, str, object]]:
        text = normalise(text)
        message = Message({"text": text, "metadata": {"timestamp": NOW}})
        from_lists = [
            {"entity": span.label_, "value": span.text, "start": span.start_char, "end": span.end_char}
            for span in pipeline(text).ents
        ]
        message.set("entities", from_lists)
        extractor.process([message])
        found = message.get("entities")
        return [(entity["entity"], text[entity["start"] : entity["end"]], entity["value"]) for entity in found]

    return parsed


def test_a_whole_story(parse):
    assert parse("上个月15号在拼多多买的羽绒服,花了一百二十块五毛,穿了两天就钻绒,联系过客服没人理,我要退货退款") == [
        ("date", "上个月15号", "2026-10-15"),
        ("platform", "拼多多", "拼多多"),
        ("goods", "羽绒服", "羽绒服"),
        ("amount", "一百二十块五毛", 120.5),
        ("duration", "两天", "P2D"),
        ("remedy", "退货退款", "return_refund"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("买的运动鞋开胶了", [("goods", "运动鞋")]),
        ("鞋穿两天就开胶", [("goods", "鞋"), ("duration", "两天")]),
        ("新手机屏幕有裂", [("goods", "手机")]),
        ("苹果手机激活不了", [("goods", "手机")]),
        ("买了箱苹果都烂了", [("goods", "苹果")]),
        ("小米手环坏了", [("goods", "手环")]),
        ("手机壳发黄", [("goods", "手机壳")]),
        ("T恤缩水", [("goods", "T恤")]),
        ("酒是假的", [("goods", "酒")]),
        ("猫不吃这猫粮", [("goods", "猫粮")]),
        ("小红书上买的", [("platform", "小红书")]),
        ("在京东买的", [("platform", "京东")]),
        ("京东快递送的", [("courier", "京东快递")]),
        ("ems一直不动", [("courier", "ems")]),
        ("菜鸟驿站说没有", [("courier", "菜鸟驿站")]),
    ],
)
def test_goods_couriers_and_platforms(parse, text, found):
    assert [entity[:2] for entity in parse(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "留的是我的手机号",
        "收到骚扰短信",
        "退货的事",
        "发票的事",
        "东西不错",
        "用手机拍的",
        "薄得跟纸一样",
        "洗完缩成童装了",
        "调监控看了",
        "拉链坏了",
        "这锅我不背",
        "请多多关照",
        "加入购物车",
        "说明书呢",
    ],
)
def test_no_goods_where_a_word_only_looks_like_them(parse, text):
    assert not {entity[0] for entity in parse(text)} & {"goods", "courier", "platform"}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("订单号 240315-123456789012345", "order_number", "240315-123456789012345"),
        ("订单号是20261112315123456789", "order_number", "20261112315123456789"),
        ("订单123456789012345678", "order_number", "123456789012345678"),
        ("快递单号SF1023456789012", "tracking_number", "SF1023456789012"),
        ("yt8812345678901还没到", "tracking_number", "yt8812345678901"),
        ("JDV0012345678", "tracking_number", "JDV0012345678"),
        ("物流单号:773123456789012", "tracking_number", "773123456789012"),
        ("运单号4318123456789", "tracking_number", "4318123456789"),
        ("中通的单号78123456789012", "tracking_number", "78123456789012"),
        ("打12315有用吗", "phone_number", "12315"),
        ("13800001111", "phone_number", "13800001111"),
        ("400-820-1234打不通", "phone_number", "400-820-1234"),
        ("021-53395288是官方的吗", "phone_number", "021-53395288"),
        ("95338是顺丰吗", "phone_number", "95338"),
        ("电话是53395288", "phone_number", "53395288"),
    ],
)
def test_numbers_that_name_something(parse, text, kind, words):
    assert (kind, words) in [entity[:2] for entity in parse(text)]
    assert [entity[0] for entity in parse(text) if entity[0].endswith("_number")] == [kind]


@pytest.mark.parametrize("text", ["身份证110101199001011234", "尾号4512", "花了110元", "便宜120", "120平"])
def test_other_numbers_name_nothing(parse, text):
    assert not [entity for entity in parse(text) if entity[0].endswith("_number")]


def test_numbers_have_one_spelling(parse):
    assert ("phone_number", "138 0000 1111", "13800001111") in parse("打138 0000 1111")
    assert ("tracking_number", "sf1023456789012", "SF1023456789012") in parse("单号sf1023456789012")


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("我要退款", "退款", "refund"),
        ("再不发货我要退款了", "退款", "refund"),
        ("能不能仅退款", "仅退款", "refund_only"),
        ("希望退货退款", "退货退款", "return_refund"),
        ("要求退一赔三", "退一赔三", "triple"),
        ("要求假一赔十", "假一赔十", "tenfold"),
        ("给我换一个", "换一个", "exchange"),
        ("我要求换一个没毛病的", "换一个", "exchange"),
        ("要求商家赔礼道歉", "赔礼道歉", "apology"),
        ("帮我退差价", "退差价", "price_difference"),
        ("赶紧发货", "发货", "ship"),
        ("给我开发票", "开发票", "invoice"),
        ("少的那件给我补发", "补发", "resend"),
        ("我要求赔我五百", "赔", "compensation"),
        ("希望能修好", "修好", "repair"),
        ("要求撤销罚款", "撤销罚款", "other"),
        ("退钱!", "退钱", "refund"),
        ("退货退款就行", "退货退款", "return_refund"),
        ("我想退货但是商家不同意", "退货", "return_refund"),
        ("不要换货,要退款", "退款", "refund"),
        ("我要的是退款不是换货", "退款", "refund"),
        ("把钱退给我", "把钱退给我", "refund"),
        ("找卖家要保修", "保修", "repair"),
        ("你们必须补发", "补发", "resend"),
        ("请尽快发货", "发货", "ship"),
        ("降了30块就得退差价", "退差价", "price_difference"),
        ("上门维修吧", "维修", "repair"),
        ("想换但是商家不同意", "换", "exchange"),
        ("说了多少次了要换一个", "换一个", "exchange"),
    ],
)
def test_a_wish_is_a_remedy(parse, text, words, value):
    assert [entity[1:] for entity in parse(text) if entity[0] == "remedy"] == [(words, value)]


def test_wishes_may_be_joined(parse):
    assert [entity[2] for entity in parse("要求退款并道歉") if entity[0] == "remedy"] == ["refund", "apology"]


@pytest.mark.parametrize(
    "text",
    [
        "退款被拒",
        "退款三天了没到账",
        "不给退款",
        "已经申请了退款",
        "退款成功了",
        "退款按钮是灰的",
        "退货运费谁出",
        "想问一下退款进度",
        "怎么申请退款",
        "平台支持退款吗",
        "什么时候发货",
        "一直不发货",
        "商家不开发票",
        "商家只同意换货",
        "客服让我退货",
        "商家要求我先退货",
        "商家承诺马上发货",
        "人家要我赔",
        "有人说要赔我双倍",
        "凭什么不给我换",
        "说好的假一赔十",
        "他说快递丢了要赔我双倍",
        "说快递丢了要赔我双倍",
        "我要换手机号",
        "退款,商家不同意",
        "这种要赔多少",
        "商家要我退款了",
    ],
)
def test_what_is_refused_done_named_or_wanted_by_others_is_no_remedy(parse, text):
    assert [entity for entity in parse(text) if entity[0] == "remedy"] == []


@pytest.mark.parametrize("words", ["退款", "我要退", "退,", "换个", "直接退款吧", "商家说退"])
def test_wishes_are_found_in_time_linear_in_the_text(words):
    spent = []
    for length in (1_000, 8_000):
        began = time.process_time()
        wishes.find_wishes((words * length)[:length])
        spent.append(time.process_time() - began)
    assert spent[1] < max(1, 20 * spent[0]), spent


def test_an_entity_inside_another_gives_way(parse):
    assert parse("中通快递的客服") == [("courier", "中通快递", "中通快递")]


def test_entities_are_in_rasas_form_and_go_into_json(extractor):
    found = extractor.extract("国庆期间买的,等了一个多月,退了几十块", datetime.datetime(2026, 11, 24, 12))
    assert json.loads(json.dumps(found)) == found
    assert found == [
        {
            "entity": "date",
            "start": 0,
            "end": 2,
            "value": "2026-10-01/2026-10-07",
            "from": "2026-10-01",
            "to": "2026-10-07",
            "text": "国庆",
            "confidence_entity": 1.0,
            "extractor": "ShopperEntityExtractor",
        },
        {
            "entity": "duration",
            "start": 9,
            "end": 13,
            "value": "P1M",
            "approximate": True,
            "since": "2026-10-24",
            "text": "一个多月",
            "confidence_entity": 1.0,
            "extractor": "ShopperEntityExtractor",
        },
        {
            "entity": "amount",
            "start": 16,
            "end": 19,
            "value": None,
            "approximate": True,
            "text": "几十块",
            "confidence_entity": 1.0,
            "extractor": "ShopperEntityExtractor",
        },
    ]


@pytest.mark.parametrize(
    ("timestamp", "yesterday"),
    [
        ("2025-05-02T10:00:00", "2025-05-01"),
        ("2025-05-01T20:00:00Z", "2025-05-01"),
        (1746158400, "2025-05-01"),
        (1746158400000, "2025-05-01"),
        ("1746158400", "2025-05-01"),
    ],
)
def test_dates_are_told_from_the_day_of_the_message(extractor, timestamp, yesterday):
    message = Message({"text": "昨天买的", "metadata": {"timestamp": timestamp}})
    extractor.process([message])
    assert message.get("entities")[0]["value"] == yesterday


@pytest.mark.parametrize("metadata", [None, {}, "x", {"timestamp": "soon"}, {"timestamp": None}, {"timestamp": 1e30}])
def test_without_a_time_the_clock_of_shanghai_counts(extractor, metadata):
    message = Message({"text": "今天买的", "metadata": metadata})
    before = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    extractor.process([message])
    after = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    assert message.get("entities")[0]["value"] in {str(before), str(after)}


@pytest.mark.parametrize("text", ['/inform{"amount": "39.9元"}', "", "   ", "😡", "\u200b"])
def test_payloads_and_blanks_pass_untouched(extractor, text):
    message = Message({"text": text})
    extractor.process([message])
    assert not message.get("entities")


def test_the_remedies_have_the_ids_that_the_case_knows():
    known = "refund refund_only return_refund exchange resend compensation triple tenfold apology price_difference"
    assert set(wishes.remedy_ids()) == {*known.split(), "repair", "ship", "invoice", "other"}


@pytest.mark.parametrize("name", ["goods", "couriers", "platforms"])
def test_word_lists_hold_each_word_once_and_no_single_character(name):
    lines = (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]
    assert len(words) == len(set(words))
    assert all(len(word) > 1 and word == word.strip() for word in words)


def test_the_saved_pipeline_finds_what_the_built_one_finds(pipeline, tmp_path: pathlib.Path):
    pipeline.to_disk(tmp_path / "saved")
    loaded = spacy.load(tmp_path / "saved")
    for text in ("买的运动鞋开胶了", "苹果手机", "用手机拍的", "京东快递和PDD"):
        assert [(span.text, span.label_) for span in loaded(text).ents] == [
            (span.text, span.label_) for span in pipeline(text).ents
        ]


def test_a_missing_dictionary_is_reported(tmp_path: pathlib.Path):
    with pytest.raises(FileNotFoundError, match="no jieba dictionary"):
        spacy_pipeline.load_dictionary(tmp_path)
