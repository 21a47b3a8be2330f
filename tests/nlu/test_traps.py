"""The known traps of Rasa 3.6.21 in Chinese, on the trained model."""

from __future__ import annotations

import pathlib
import re
import tarfile

import pytest
import yaml

from scripts.check import check_examples, lines_by_intent
from scripts.evaluation.entities import GOLD, entity_scores, found_spans, moved, read_gold, total
from tests.conftest import ROOT
from weiquan.places import MODEL

COMPLAINTS = [
    "这个电饭煲煮饭夹生，没用几回就不加热了",
    "裙子一洗全掉色，把别的衣服都染了",
    "买的是大号给我发了小号",
    "说好的纯棉，拿到手一摸就是化纤",
    "拍下一个礼拜了还不发货",
    "快递一直停在中转站不动",
    "申请退款被商家驳回了",
    "客服装死，发什么都不回",
    "客服张嘴就骂人，态度恶劣",
    "饼干袋子里有一条虫子",
    "用了这个面膜脸上起红疹子",
    "刚买完第二天就降价了",
    "有人冒充客服让我转账",
    "先用后付没经我同意就扣钱了",
    "我的手机号被店家泄露给了别人",
    "好评返现的钱一直不给我",
    "卖家死活不给开发票",
    "收到的鞋是假货，标都是歪的",
]
PREFIXES = ["39.9元，", "5月3号，", "240315-123456789012345，", "2026年11月1日，", "￥128 "]


def intent(bot, text: str) -> str:
    return str(bot.parse(text)["intent"]["name"])


@pytest.mark.parametrize("text", COMPLAINTS)
def test_a_number_does_not_change_the_intent(bot, text):
    plain = intent(bot, text)
    assert plain.startswith("report_"), plain
    assert {prefix: intent(bot, prefix + text) for prefix in PREFIXES} == dict.fromkeys(PREFIXES, plain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "😀",
        "😀😡👍",
        "。",
        "？？？",
        "……",
        "龘",
        "asdfgh",
        "88",
        "100",
        "39.9",
        "\u200b",
        "1",
        "//",
        "{}",
    ],
)
def test_garbage_is_never_a_greeting_a_farewell_or_a_complaint(bot, text):
    found = intent(bot, text)
    assert not found.startswith(("report_", "ask_", "greet", "goodbye", "thank")), found


@pytest.mark.parametrize("text", ["12315", "１２３１５", "打12315有用吗"])
def test_the_hotline_is_a_question(bot, text):
    assert intent(bot, text) in {"ask_12315", "ask_phone", "ask_complaint_process"}


def test_a_hotline_inside_an_order_number_is_no_phone_number(bot):
    entities = {entity["entity"] for entity in bot.parse("订单号是20261112315123456789")["entities"]}
    assert "order_number" in entities
    assert "phone_number" not in entities


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("买的运动鞋开胶了", "goods", "运动鞋"),
        ("我在拼多多买的", "platform", "拼多多"),
        ("我要退货退款", "remedy", "退货退款"),
        ("发的中通快递", "courier", "中通快递"),
        ("付了39.9元", "amount", "39.9元"),
        ("花了一百二十块", "amount", "一百二十块"),
        ("是上周三签收的", "date", "上周三"),
        ("11月3号收到的", "date", "11月3号"),
        ("打我13800001111这个手机", "phone_number", "13800001111"),
        ("订单240315-123456789012345", "order_number", "240315-123456789012345"),
    ],
)
def test_entities(bot, text, entity, value):
    reading = bot.parse(text)
    found = {(entity["entity"], reading["text"][entity["start"] : entity["end"]]) for entity in reading["entities"]}
    assert (entity, value) in found


def test_the_annotated_messages_are_read(bot):
    """Spans with their exact boundaries; `make evaluate` gives the figures for each entity, and the values."""
    pairs = []
    for gold in read_gold(GOLD)[1]:
        reading = bot.parse(gold.text)
        pairs.append((moved(gold, reading["text"]).spans, found_spans(reading["entities"])))
    scores = entity_scores(pairs)
    assert {name: round(score.f1, 2) for name, score in scores.items() if score.f1 < 0.85} == {}
    assert total(scores).f1 > 0.92


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("鞋子穿兩天就開膠了", "鞋子穿两天就开胶了"),
        ("賣家一直不發貨", "卖家一直不发货"),
        ("客服態度惡劣", "客服态度恶劣"),
    ],
)
def test_traditional_chinese_is_understood_like_simplified(bot, traditional, simplified):
    assert bot.parse(traditional)["intent"] == bot.parse(simplified)["intent"]


def test_the_packaged_dictionary_is_the_one_in_the_repository():
    sources = sorted((ROOT / "data" / "dictionary").iterdir())
    assert [source.suffix for source in sources] == [".txt"] * len(sources), (
        "jieba reads every file here as a dictionary"
    )
    with tarfile.open(MODEL) as archive:
        for source in sources:
            (member,) = [name for name in archive.getnames() if name.endswith(f"/{source.name}")]
            packaged = archive.extractfile(member)
            assert packaged is not None
            assert packaged.read() == source.read_bytes()


def test_every_pattern_is_annotated_at_least_once():
    blocks = yaml.safe_load((ROOT / "data" / "nlu" / "entities.yml").read_text(encoding="utf-8"))["nlu"]
    patterns = {block["regex"] for block in blocks if "regex" in block}
    annotated = set(re.findall(r"\]\((\w+)\)", "".join(block["examples"] for block in blocks if "intent" in block)))
    assert patterns <= annotated


def test_every_intent_of_the_design_has_its_examples(training_set):
    assert check_examples(lines_by_intent(training_set)) == []


def test_duplicate_examples_are_reported():
    problems = check_examples({"greet": ["你好", "你好！"] + [f"早{n}" for n in range(30)], "thank": ["你好。"]})
    assert any("「你好」 stands under greet, thank" in problem for problem in problems)
    assert any("thank has 1 examples" in problem for problem in problems)


def test_button_payloads_in_templates_and_domain_name_known_intents():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(entry)) if isinstance(entry, dict) else entry for entry in domain["intents"]}
    for variants in domain["responses"].values():
        for variant in variants:
            for button in variant.get("buttons", []):
                assert button["payload"].lstrip("/").split("{")[0] in intents
    sources = "".join(file.read_text(encoding="utf-8") for file in pathlib.Path(ROOT / "weiquan").glob("*.py"))
    for name in re.findall(r'payload\("(\w+)"', sources):
        assert name in intents


def test_every_intent_of_the_domain_has_examples_and_a_rule(training_set):
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(entry)) if isinstance(entry, dict) else entry for entry in domain["intents"]}
    rules = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "data" / "rules").glob("*.yml"))
    ruled = set(re.findall(r"intent: (\w+)", rules))
    assert intents <= ruled
    assert intents - {"nlu_fallback"} == set(lines_by_intent(training_set))
