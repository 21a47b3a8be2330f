"""The evidence checklist: what it lists, how it is ticked off in talk, and what it says of what is lacking."""

from __future__ import annotations

import dataclasses
import datetime
import pathlib

import pytest
import yaml

from weiquan.advice.advice import Advice
from weiquan.advice.checklist import checklist
from weiquan.case.case import Case
from weiquan.dialogue.ticks import find_ticks
from weiquan.facts.knowledge import load
from weiquan.facts.record_reader import KnowledgeError
from weiquan.language.normalisation import normalise
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies.checklist import checklist_text

TODAY = datetime.date(2026, 11, 24)
QUALITY = Case(situation="quality_problem")
PHOTOS, PAGE, ORDER, CHAT, USE = ("problem_photos", "product_page", "order_record", "seller_chat", "use_time")
EVERYTHING = {PHOTOS, PAGE, ORDER, CHAT, USE}


def ticks_in(text, case, facts):
    ticks, unticks = find_ticks(normalise(text), case, facts, TODAY)
    return set(ticks), set(unticks)


def test_the_list_is_the_situation_s_then_the_rung_s_each_piece_once(facts):
    items = checklist(QUALITY, facts, TODAY)
    assert [item.piece.id for item in items] == [PHOTOS, PAGE, ORDER, CHAT, USE]
    assert items[0].text == "毛病处的照片和视频"
    assert not any(item.ticked for item in items)


def test_ticks_do_not_move_the_lines(facts):
    ticked = checklist(dataclasses.replace(QUALITY, evidence=frozenset({ORDER})), facts, TODAY)
    assert [item.piece.id for item in ticked] == [item.piece.id for item in checklist(QUALITY, facts, TODAY)]
    assert [item.piece.id for item in ticked if item.ticked] == [ORDER]


def test_without_a_trouble_the_general_pieces_are_listed(facts):
    assert {item.piece.id for item in checklist(Case(), facts)} == {PHOTOS, PAGE, ORDER, CHAT, "tracking"}


@pytest.mark.parametrize(
    ("text", "ticks", "unticks"),
    [
        ("照片拍了", {PHOTOS}, set()),
        ("聊天记录存好了", {CHAT}, set()),
        ("截图都有了", {PAGE, ORDER, CHAT}, set()),
        ("我把聊天记录截图了", {CHAT}, set()),
        ("照片、聊天记录都存好了", {PHOTOS, CHAT}, set()),
        ("照片，聊天记录，订单截图都有了", {PHOTOS, CHAT, ORDER}, set()),
        ("没有照片但是有聊天记录", {CHAT}, {PHOTOS}),
        ("有照片没有聊天记录", {PHOTOS}, {CHAT}),
        ("照片有，订单截图也有，聊天记录被我删了", {PHOTOS, ORDER}, {CHAT}),
        ("商家让我提供照片，我没拍", set(), {PHOTOS}),
        ("第1和第3个有了", {PHOTOS, ORDER}, set()),
        ("1、2 有", {PHOTOS, PAGE}, set()),
        ("1，3有了", {PHOTOS, ORDER}, set()),
        ("前两个有了", {PHOTOS, PAGE}, set()),
        ("第二到第四个都有", {PAGE, ORDER, CHAT}, set()),
        ("第二个没有", set(), {PAGE}),
        ("还差第3个", set(), {ORDER}),
        ("都有了", EVERYTHING, set()),
        ("证据都准备好了", EVERYTHING, set()),
        ("一个都没有", set(), EVERYTHING),
        ("除了第2个其他都有了", EVERYTHING - {PAGE}, {PAGE}),
        ("除了聊天记录，别的都有", EVERYTHING - {CHAT}, {CHAT}),
    ],
)
def test_what_is_there_and_what_is_lacking_is_read(facts, text, ticks, unticks):
    assert ticks_in(text, QUALITY, facts) == (ticks, unticks)


@pytest.mark.parametrize(
    "text",
    [
        "没有截图",
        "要留聊天记录吗",
        "聊天记录怎么导出",
        "我等下就拍照片",
        "商家要聊天记录",
        "商家说没有照片不给退",
        "照片没有问题",
        "我有2个问题",
        "第一次就有问题",
        "有一个",
        "他们都有了孩子",
        "买了3天有问题",
        "聊天记录里商家说没有发票",
    ],
)
def test_questions_demands_plans_and_other_talk_tick_nothing(facts, text):
    assert ticks_in(text, QUALITY, facts) == (set(), set())


@pytest.mark.parametrize(
    "row",
    yaml.safe_load(pathlib.Path(__file__).with_name("ticks.yml").read_text(encoding="utf-8")),
    ids=lambda row: row["say"],
)
def test_the_table_of_messages_about_evidence(facts, row):
    case = Case(situation=row.get("situation", "quality_problem"))
    assert ticks_in(row["say"], case, facts) == (set(row.get("has", ())), set(row.get("lacks", ())))


def test_the_rest_is_what_was_not_ticked_before(facts):
    case = dataclasses.replace(QUALITY, evidence=frozenset({PHOTOS}))
    assert ticks_in("剩下的都没有", case, facts) == (set(), EVERYTHING - {PHOTOS})


def test_a_video_that_was_not_taken_unticks_the_video_only(facts):
    case = Case(situation="wrong_or_missing_item", evidence=frozenset({"unboxing_video"}))
    assert ticks_in("面单拍了，那个视频没拍", case, facts) == ({"waybill_photo"}, {"unboxing_video"})


def test_what_was_not_thrown_away_is_there(facts):
    case = Case(situation="injury")
    assert ticks_in("东西还在，包装没扔，病历有", case, facts)[0] >= {"kept_goods", "medical_record"}


def test_the_licence_can_be_told_before_its_rung_is_reached(facts):
    assert "seller_licence" not in {item.piece.id for item in checklist(QUALITY, facts, TODAY)}
    assert ticks_in("营业执照截图有了", QUALITY, facts) == ({"seller_licence"}, set())


def test_the_text_marks_ticks_and_tells_how_to_get_the_next_piece(facts):
    text = checklist_text(Advice(dataclasses.replace(QUALITY, evidence=frozenset({PHOTOS})), facts, TODAY))
    lines = text.split("\n")
    assert "1/5" in lines[0]
    assert lines[1].startswith("1. ✓ 已有")
    assert lines[2].startswith("2. ○ 还差")
    assert facts.pieces[PAGE].how in text
    assert facts.not_required["unboxing_video"].text in text


def test_the_licence_is_told_with_its_menu_path_and_the_note_that_the_app_goes_first(facts):
    case = Case(situation="complaint_rejected", variant="rejected_by_12315")
    rest = frozenset(item.piece.id for item in checklist(case, facts, TODAY)) - {"seller_licence"}
    text = checklist_text(Advice(dataclasses.replace(case, evidence=rest), facts, TODAY))
    assert " → ".join(facts.channels["pdd_seller_licence"].path) in text
    assert "以 App 页面显示为准" in text


def test_every_list_fits_a_bubble_however_much_is_ticked(facts):
    count = 0
    for situation in facts.situations.values():
        for variant in (None, *(special.id for special in situation.variants)):
            for climbed in (frozenset(), frozenset({"after_sales"}), frozenset({"platform", "platform_complaint"})):
                case = Case(situation=situation.id, variant=variant, climbed=climbed)
                ids = [item.piece.id for item in checklist(case, facts, TODAY)]
                assert len(ids) == len(set(ids)) >= 2
                for ticked in range(len(ids) + 1):
                    text = checklist_text(
                        Advice(dataclasses.replace(case, evidence=frozenset(ids[:ticked])), facts, TODAY)
                    )
                    assert len(text) <= MAX_BUBBLE, text
                    assert ("○ 还差" in text) == (ticked < len(ids))
                    assert not {"!", "！"} & set(text)
                    count += 1
    assert count > 500


def test_every_number_ticks_its_own_line_in_every_situation(facts):
    for situation in facts.situations:
        case = Case(situation=situation)
        for place, item in enumerate(checklist(case, facts, TODAY), start=1):
            assert find_ticks(f"第{place}个有了", case, facts, TODAY)[0] == {item.piece.id}


def test_every_name_of_a_piece_with_a_word_of_having_ticks_it(facts):
    for situation in facts.situations:
        case = Case(situation=situation)
        for item in checklist(case, facts, TODAY):
            name = item.text.split("（")[0]
            ticks, _ = find_ticks(normalise(f"{name}有了"), case, facts, TODAY)
            assert item.piece.id in ticks, (situation, name, ticks)


def test_a_text_without_a_piece_stops_the_start(knowledge_copy):
    file = knowledge_copy / "situations.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("[详情页录屏, ", "[祖传秘方, ", 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="祖传秘方"):
        load(knowledge_copy)
