"""Whole complaints in a real browser, from the first word to the paper."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys

import docx
import icalendar
from playwright.sync_api import expect

from tests.browser.chat_page import PHONE
from tests.conftest import ROOT

TROUBLE = "买的颈椎按摩仪不通电"


def test_from_a_quality_problem_to_the_paper_for_12315(visit, servers):
    chat = visit(**PHONE).open(servers.url + "/chat/")
    expect(chat.panel).to_contain_text("独立的维权助手，不是拼多多官方客服")
    chat.send(TROUBLE)
    step = chat.card("和商家协商")
    expect(step.locator(".moves li")).not_to_have_count(0)
    expect(step.get_by_text("在 App 里这样进")).to_be_visible()
    expect(step.locator(".path li").first).to_be_visible()
    chat.press("还没说")
    question = chat.last.locator(".question")
    expect(question).to_contain_text("签收")
    question.get_by_text("为什么问这个").click()
    expect(question).to_contain_text("退货和售后还剩几天")
    question.get_by_text("为什么问这个").click()

    chat.send("对了，12315 怎么打？")
    expect(chat.last).to_contain_text("12315")
    expect(chat.last.locator(".question")).to_contain_text("签收")
    expect(chat.replies.filter(has_text="昨天")).to_be_visible()

    before, buttons = chat.said(), chat.replies.all_inner_texts()
    chat.page.reload()
    expect(chat.turns).to_have_count(6)
    assert chat.said() == before
    assert chat.replies.all_inner_texts() == buttons
    chat.press("昨天")
    expect(chat.last).to_contain_text("七天无理由退货")
    asked = 0
    while chat.last.locator(".question").count():
        asked += 1
        assert asked <= 5
        titles = chat.replies.all_inner_texts()
        chat.press(next(title for title in ("退货退款", "没有", "不清楚") if title in titles))
    expect(chat.card("和商家协商")).to_contain_text("退货退款")

    chat.send("帮我写一份12315投诉")
    chat.press("先这样，直接生成")
    paper = chat.card("消费者投诉书")
    expect(paper.get_by_role("group", name="材料全文")).to_contain_text("颈椎按摩仪")
    expect(chat.last.get_by_role("link", name="打开")).to_have_attribute("href", re.compile(servers.url + "/papers/"))
    expect(chat.last).not_to_contain_text("http")
    with chat.page.expect_download() as download:
        paper.get_by_role("link", name="下载 Word 文档").click()
    assert download.value.suggested_filename.endswith(".docx")
    written = "\n".join(paragraph.text for paragraph in docx.Document(download.value.path()).paragraphs)
    assert "消费者投诉书" in written
    assert "颈椎按摩仪" in written
    assert "请填写" in written


def test_two_tabs_of_one_person_stay_in_step(visitor, chat, servers):
    other = visitor.open(servers.url + "/chat/")
    chat.send(TROUBLE)
    expect(other.turns).to_have_count(2)
    other.press("还没说")
    expect(chat.turns).to_have_count(4)
    expect(chat.replies.filter(has_text="昨天")).to_be_visible()
    assert chat.said() == other.said()
    assert other.page.evaluate("Object.keys(localStorage).filter(one => one.includes('session')).length") == 1


def test_evidence_dates_progress_and_money_are_cards_to_work_with(chat, visitor):
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.send("前天收到的颈椎按摩仪不通电，花了299")
    chat.send("怎么跟商家说")
    quote = chat.last.locator(".quote, .card, .bubble").first
    chat.root.get_by_role("button", name="复制").last.click()
    expect(chat.root.get_by_role("status").filter(has_text="已复制")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert len(copied) > 20
    expect(quote).to_be_visible()

    chat.send("证据清单")
    card = chat.card("证据")
    expect(card).to_contain_text(re.compile(r"已有 0 / \d"))
    with chat.an_answer():
        card.get_by_role("checkbox").first.click()
    expect(chat.card("证据")).to_contain_text("已有 1 / ")
    expect(chat.card("证据").get_by_role("checkbox").first).to_be_checked()
    expect(chat.root.get_by_role("checkbox")).to_have_count(chat.card("证据").locator(".tick-row").count())

    chat.send("时限")
    days = chat.card("日子")
    expect(days.get_by_text("七天无理由退货", exact=True)).to_be_visible()
    expect(days.locator(".chip").first).to_contain_text("还剩")
    with chat.page.expect_download() as download:
        days.get_by_role("link", name="加到日历").click()
    calendar = icalendar.Calendar.from_ical(download.value.path().read_bytes())
    assert calendar.walk("VEVENT")

    chat.send("看看我的情况")
    case = chat.card("您的事")
    expect(case).to_contain_text("颈椎按摩仪")
    expect(case.locator("[aria-current=step]")).to_have_count(1)
    chat.send("能赔多少")
    law = chat.last.locator("details.more").last
    law.locator("summary").click()
    expect(law.locator(".more-body")).to_be_visible()


def test_numbers_to_call_stand_with_their_hours(chat):
    chat.page.clock.set_fixed_time("2026-11-24T02:00:00Z")  # 10:00 in Beijing
    chat.page.reload()
    chat.send("客服电话是多少")
    links = chat.last.locator("a[href^='tel:']")
    expect(links.first).to_be_visible()
    expect(chat.last.get_by_text("现在有人接").first).to_be_visible()
    chat.page.clock.set_fixed_time("2026-11-24T16:00:00Z")  # midnight
    chat.page.reload()
    expect(chat.last.get_by_text("现在休息").first).to_be_visible()


def test_a_thumb_and_its_word_are_kept_for_the_operator(chat, servers):
    chat.send(TROUBLE)
    chat.last.get_by_role("button", name="没帮上").click()
    word = "没说运费 <b>谁出</b>"
    chat.root.get_by_label("哪里没帮上").fill(word)
    chat.root.get_by_role("button", name="提交").click()
    expect(chat.root.get_by_role("status").filter(has_text="谢谢，记下了")).to_be_visible()
    chat.page.reload()
    expect(chat.last.get_by_role("button", name="没帮上")).to_have_attribute("aria-pressed", "true")
    command = [sys.executable, "-m", "scripts.feedback", str(servers.database)]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.split("\t")[1] for line in listed.splitlines() if line.endswith(word)] == ["thumbs_down"]


def rows_with(servers, words: str) -> int:
    """Return how many rows of the bot's database hold these words."""
    with sqlite3.connect(f"file:{servers.database}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in tables for row in connection.execute(f'SELECT * FROM "{name}"')]
    escaped = words.encode("unicode_escape").decode()
    texts = [" ".join(map(str, row)) for row in rows]
    return sum(words in text or escaped in text for text in texts)


def test_what_is_deleted_is_gone_from_the_page_and_the_server(visitor, chat, servers):
    words = "买的电热毯第一晚就冒烟"
    other = visitor.open(servers.url + "/chat/")
    chat.send(words)
    expect(other.turns).to_have_count(2)
    assert rows_with(servers, words)
    # A tab behind another draws seldom, and a click waits for what moves to stand still.
    chat.page.bring_to_front()
    chat.menu("删除我的数据")
    dialog = chat.root.get_by_role("alertdialog")
    dialog.get_by_role("button", name="取消").click()
    expect(dialog).to_have_count(0)
    expect(chat.turns).to_have_count(2)
    chat.menu("删除我的数据")
    dialog.get_by_role("button", name="删除", exact=True).click()
    expect(chat.log).to_contain_text("对话和材料都删除了")
    expect(chat.turns).to_have_count(0)
    expect(other.turns).to_have_count(0)
    assert rows_with(servers, words) == 0
    assert chat.page.evaluate("Object.keys(localStorage).filter(one => one.includes('session'))") == []
    chat.page.reload()
    expect(chat.root.locator(".welcome")).to_be_visible()


def test_deleted_in_words_the_goodbye_stays_and_a_new_talk_begins(chat, servers):
    chat.send(TROUBLE)
    chat.write("删除我的数据")
    while_asking = chat.log.get_by_text(re.compile("删"))
    expect(while_asking.first).to_be_visible()
    if chat.replies.filter(has_text="删").count():
        chat.replies.filter(has_text="删").first.click()
    expect(chat.turns).to_have_count(0)
    expect(chat.log.locator(".bubble")).to_have_count(1)
    chat.send("你好")
    expect(chat.turns).to_have_count(2)


def test_start_again_begins_a_second_case_and_keeps_the_first(chat):
    chat.send(TROUBLE)
    with chat.an_answer():
        chat.menu("重新开始")
    expect(chat.turns).to_have_count(4)
    chat.send("买的耳机去专柜一验是高仿的")
    expect(chat.last).not_to_contain_text("颈椎按摩仪")
    chat.send("看看我的情况")
    expect(chat.card("您的事")).to_contain_text("假")
    expect(chat.turns).to_have_count(8)


def test_the_conversation_can_be_saved_and_copied(chat, visitor):
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.send(TROUBLE)
    with chat.page.expect_download() as download:
        chat.menu("存成文本")
    saved = download.value.path().read_text(encoding="utf-8-sig")
    assert TROUBLE in saved
    assert "不是拼多多官方客服" in saved
    assert "【路径】" in saved, "the card's words too"
    chat.menu("复制全部对话")
    expect(chat.root.get_by_role("status").filter(has_text="已复制")).to_be_visible()
    assert TROUBLE in chat.page.evaluate("navigator.clipboard.readText()")
