"""The REST channel as strangers use it: good input, bad input, privacy."""

from __future__ import annotations

import json
import threading

import pytest

from scripts.feedback import read_feedback

WEBHOOK = "/webhooks/rest/webhook"


def test_the_three_questions_of_the_first_issue(bot):
    sender = bot.new_sender()
    bubbles = bot.say("买的鞋子穿两天就开胶了，卖家三天不回消息", sender)
    text = bubbles[0]["text"] + bubbles[1]["text"]
    assert bot.slots(sender)["situation"] == "quality_problem"
    for wanted in ("申请售后", "24–48 小时", "【证据】", "平台介入", "商家不理"):
        assert wanted in text
    assert text.index("申请售后") < text.index("平台介入")
    assert "021-53395288（8:00–21:30）" in bot.say("投诉电话多少", bot.new_sender())[0]["text"]
    verdict = bot.say("400-688-8888 是拼多多客服吗", bot.new_sender())[0]["text"]
    assert "不在官方名单上" in verdict
    assert "验证码" in verdict


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b"\xff\xfe", 400, "invalid_json"),
        (b"[" * 100_000, 400, "invalid_json"),
        (b"[1]", 400, "invalid_body"),
        (b'"hello"', 400, "invalid_body"),
        (b"null", 400, "invalid_body"),
        (b"{}", 400, "invalid_message"),
        (b'{"message": 5}', 400, "invalid_message"),
        (b'{"message": null}', 400, "invalid_message"),
        (b'{"message": ["x"]}', 400, "invalid_message"),
        (b'{"message": "x", "sender": 5}', 400, "invalid_sender"),
        (b'{"message": "x", "sender": "a\\u0000b"}', 400, "invalid_sender"),
        (json.dumps({"message": "x", "sender": "a" * 200}).encode(), 400, "invalid_sender"),
        (b'{"message": "x", "sender": "a", "metadata": 7}', 400, "invalid_metadata"),
        (json.dumps({"message": "字" * 20_001, "sender": "a"}).encode(), 413, "message_too_long"),
    ],
)
def test_bad_requests_get_a_clear_4xx_in_chinese(bot, body, status, code):
    reply = bot.client.post(WEBHOOK, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == status, reply.text
    assert reply.json()["error"] == code
    assert any("\u4e00" <= character <= "\u9fff" for character in reply.json()["message"])
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n ",
        "鞋" * 10_000,
        "😀😡",
        "\x00\x01\x02",
        "\ud800",
        "/inform{",
        "/inform{}",
        '/inform{"situation": 5}',
        '/nosuch{"a": 1}',
        "/report_quality_problem{broken",
        '/report_quality_problem{"situation": "nosuch"}',
        '/report_quality_problem{"situation": ["a", {"b": 1}]}',
        "/",
        "//",
        "/restart",
        "/back",
        "/session_start",
        "my shoes broke and the seller ignores me",
        "質量問題，賣家不理我",
        "{{ 7 * 7 }} ${jndi:ldap://x} '; DROP TABLE events; --",
        "<script>alert(1)</script>",
    ],
)
def test_any_text_gets_an_answer_and_the_conversation_goes_on(bot, text):
    sender = bot.new_sender()
    bot.say("水壶漏水", sender)
    body = json.dumps({"sender": sender, "message": text})  # escapes the lone surrogate
    reply = bot.client.post(WEBHOOK, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 200, reply.text
    bubbles = reply.json()
    assert bubbles
    assert all(bubble["text"].strip() for bubble in bubbles)
    assert "49" not in bubbles[0]["text"]
    assert "021-53395288" in bot.say("投诉电话多少", sender)[0]["text"]


def test_that_a_very_long_message_was_cut_is_said_in_the_first_bubble(bot):
    note = "只读了开头和结尾"
    long = "买的水壶漏水。" + "我跟他讲了半天道理他就是不听，" * 100 + "水壶漏水怎么办"
    bubbles = bot.say(long, bot.new_sender())
    assert sum(note in bubble["text"] for bubble in bubbles) == 1
    assert note in bubbles[0]["text"]
    assert note not in str(bot.say("买的水壶漏水", bot.new_sender()))
    assert note not in str(bot.say("鞋" * 5000, bot.new_sender()))


def test_nobody_shares_a_conversation_by_leaving_out_the_sender(bot):
    first = bot.client.post(WEBHOOK, json={"message": "水壶漏水"}).json()
    second = bot.client.post(WEBHOOK, json={"message": "我的情况到哪一步了"}).json()
    assert first[0]["recipient_id"] != second[0]["recipient_id"]
    assert "质量问题" not in second[0]["text"].split("\n")[0]


def test_two_shoppers_never_share_a_case(bot):
    first, second = bot.new_sender(), bot.new_sender()
    bot.say("水壶漏水", first)
    bot.say("面包里有虫子", second)
    assert bot.slots(first)["situation"] == "quality_problem"
    assert bot.slots(second)["situation"] == "food_safety"


def test_the_stream_gives_one_json_object_a_line_and_ends(bot):
    lines = []
    body = {"sender": bot.new_sender(), "message": "水壶漏水，卖家不理我"}
    with bot.client.stream("POST", WEBHOOK, params={"stream": "true"}, json=body) as reply:
        lines = [json.loads(line) for line in reply.iter_lines() if line]
    assert [bool(line["text"]) for line in lines] == [True, True]


def test_messages_at_the_same_time_are_all_answered(bot):
    sender, replies = bot.new_sender(), []
    threads = [
        threading.Thread(target=lambda text=text: replies.append(bot.say(text, sender)))
        for text in ("水壶漏水", "投诉电话多少", "要留什么证据")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 3
    assert all(replies)


def test_forgetting_leaves_nothing_in_the_database_file(bot):
    sender = bot.new_sender()
    secret = "我在杭州买的紫砂壶漏水啦"
    bot.say(secret, sender)
    escaped = json.dumps("紫砂壶").strip('"').encode()
    assert escaped in b"".join(file.read_bytes() for file in bot.database.parent.iterdir())
    assert "删除" in bot.say("删除我的数据", sender)[0]["text"]
    left = b"".join(file.read_bytes() for file in bot.database.parent.iterdir())
    assert escaped not in left
    assert sender.encode() not in left
    assert "紫砂壶" not in str(bot.say("我的情况到哪一步了", sender))
    assert bot.slots(sender)["situation"] is None


def test_what_shoppers_say_of_the_bot_can_be_listed(bot):
    sender = bot.new_sender()
    bot.say("投诉电话多少", sender)
    bot.say("你给的电话打不通", sender)
    listed = [row for row in read_feedback(bot.database) if row[3] == "你给的电话打不通"]
    assert listed
    assert listed[0][1] == "report_wrong_fact"
    assert "021-53395288" in listed[0][2]
