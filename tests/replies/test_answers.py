"""Everything the bot can say: short, complete, without a fact that `knowledge/` lacks."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from collections.abc import Iterator

import pytest
import yaml

from tests.conftest import ROOT
from weiquan.advice.advice import Advice
from weiquan.advice.ladder import ladder_of
from weiquan.case.case import Case
from weiquan.places import TEMPLATES
from weiquan.reading.contacts import digits, verify
from weiquan.rendering.essentials import apology, essentials
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble
from weiquan.replies.cases import overview_reply
from weiquan.replies.steps import agreed_reply, comfort_reply, first_reply, how_to_reply, progress_reply
from weiquan.replies.talk import clarify_reply, decline_reply, doubt_reply, menu_reply
from weiquan.replies.topics import answer_reply, contact_reply, topic_reply
from weiquan.replies.urgent import danger_doubt_text, danger_met_reply, danger_reply

TODAY = datetime.date(2026, 11, 24)
MERCHANT_LINE = "02153395088"
ABOUT_MERCHANTS = ("ask_merchant_hotline", "merchant_hotline", "merchant_bad_buyer")
"""Answers to who asks for the line of merchants, or is one; the only ones that name it."""
ABOUT_OTHER_NUMBERS = ("old_lines_12358", "caller_9541366")
"""Answers about numbers that a shopper asks about and shall not call."""
PHONE = re.compile(r"(?<![\d.])\d(?:[- ]?\d){4,}(?![\d.])|(?<![\d.])1[12]\d(?![\d.]| 条|、\d+ 条)")
SITE = re.compile(r"(?:[a-z0-9-]+\.)+(?:com|cn|org|net)\b")
PROMISE = re.compile(r"(?<!不)(?<!不能)保证.{0,5}(能|可以|退|赔)|一定能|必定|包您|包退|包赢|稳赢|百分百")


def cases(facts) -> Iterator[Case]:
    """Every situation and variant at every height of its ladder, refused or waiting, with others noticed."""
    for situation in facts.situations.values():
        for variant in (None, *(special.id for special in situation.variants)):
            case = Case(situation.id, variant, others=("seller_ignoring", "bad_service", "invoice_problem"))
            ladder = ladder_of(case, facts)
            for height in range(len(ladder) + 1):
                yield case.with_rungs(failed=ladder[:height])
                if height:
                    yield case.with_rungs(climbed=ladder[:height], failed=ladder[: height - 1])


def answers(facts, today=TODAY) -> Iterator[tuple[str, tuple[Bubble, ...]]]:
    """Every answer that the domain can give, with a name for the failure message."""
    for case in cases(facts):
        name = f"{case.situation}/{case.variant}/{len(case.climbed)}"
        for answer in (first_reply, how_to_reply, progress_reply, overview_reply, comfort_reply):
            yield f"{name} {answer.__name__}", answer(Advice(case, facts, today))[0]
        yield f"{name} agreed", agreed_reply("商家", Advice(case, facts, today))[0]
    for topic in facts.topics:
        if topic in {"verify_contact", "ask_next_step"}:
            continue
        yield topic, topic_reply(topic, Advice(Case(), facts, today), False)[0]
        for situation in facts.situations:
            yield f"{topic} in {situation}", topic_reply(topic, Advice(Case(situation), facts, today), True)[0]
    for answer in facts.answers.values():
        for case in (Case(), Case("quality_problem")):
            yield f"{answer.id} in {case.situation}", answer_reply(answer, Advice(case, facts, today))[0]
    for scam in facts.scams.values():
        yield scam.id, (Bubble(render("scam" if scam.alarm else "trick", facts, today, scam=scam)),)
    for danger in facts.dangers.values():
        places = [Case(), *(Case(case.situation, case.variant) for case in danger.cases)]
        for number, case in enumerate(places):
            advice = Advice(case, facts, today)
            yield f"danger {danger.id} {number}", danger_reply([danger], advice)[0]
            yield f"danger {danger.id} {number} met", danger_met_reply(danger, advice)[0]
        yield f"danger {danger.id} possible", (Bubble(danger_doubt_text(danger, Advice(Case(), facts, today))),)
        for other in facts.dangers.values():
            yield f"danger {danger.id} and {other.id}", danger_reply([danger, other], Advice(Case(), facts, today))[0]
    for contact in facts.contacts.values():
        if contact.audience != "merchant":
            yield (
                f"verify {contact.id}",
                contact_reply(verify(f"{contact.value} 是真的吗", facts), Advice(Case(), facts, today))[0],
            )
    yield "nothing to verify", contact_reply(verify("这是真的吗", facts), Advice(Case(), facts, today))[0]
    ranking = [(topic, 0.1) for topic in facts.topics]
    yield "clarify", clarify_reply(ranking, "嗯嗯嗯", Advice(Case(), facts, today))[0]
    yield "clarify english", clarify_reply([], "what is this", Advice(Case(), facts, today))[0]
    yield "clarify blank", clarify_reply([], "", Advice(Case(), facts, today))[0]
    yield "decline", decline_reply("今天天气如何", Advice(Case(), facts, today))[0]
    yield "decline in a case", decline_reply("今天天气如何", Advice(Case("injury"), facts, today))[0]
    yield "doubt", doubt_reply(["counterfeit", "not_shipped"], Advice(Case(), facts, today))[0]
    yield "menu", menu_reply(Advice(Case(), facts, today))[0]
    yield "no case", first_reply(Advice(Case(), facts, today))[0]
    yield "apology", (Bubble(apology(facts)),)
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variants in domain["responses"].items():
        for variant in variants:
            yield name, (Bubble(variant["text"].format(**essentials(facts))),)


@pytest.fixture(scope="module")
def every_answer(facts):
    return list(answers(facts))


def test_every_answer_fits_a_phone(every_answer):
    assert len(every_answer) > 2000
    for name, bubbles in every_answer:
        assert 1 <= len(bubbles) <= 2, name
        for bubble in bubbles:
            assert bubble.text.strip(), name
            assert "\n\n" not in bubble.text, name
            assert len(bubble.text) <= MAX_BUBBLE, (name, len(bubble.text), bubble.text)
            assert len(bubble.buttons) <= 12, name


def test_no_answer_shows_a_placeholder_or_a_slip(every_answer):
    for name, bubbles in every_answer:
        for bubble in bubbles:
            for slip in ("{", "}", "None", "undefined", "。。", "；；", "。；", "、、", "。、", "，，", "！", "工商"):
                # Who asks for the old name is told where it went.
                assert slip not in bubble.text.replace("以前的工商局", ""), (name, slip, bubble.text)


def test_every_number_site_and_article_stands_in_knowledge(facts, every_answer):
    numbers = {digits(w) for c in facts.contacts.values() for w in (c.value, *c.also_written)}
    numbers |= {digits(w.value) for w in facts.wrong_numbers.values()}
    sites = {re.sub(r"^https?://", "", c.value).split("/")[0] for c in facts.contacts.values() if c.kind == "website"}
    articles = knowledge_articles(facts)
    for name, bubbles in every_answer:
        for bubble in bubbles:
            for number in PHONE.findall(bubble.text):
                is_old = name.startswith("old_lines") and digits(number) in {"12358", "12365"}
                assert is_old or digits(number) in numbers, (name, number, bubble.text)
            for site in SITE.findall(bubble.text):
                assert site in sites, (name, site)
            for law, article in cited(bubble.text):
                assert is_known(law, article, articles), (name, law, article)


def is_known(law: str, article: str, articles: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a citation is a record; 实施条例 alone stands for 消保法实施条例."""
    return any(
        number == article and (law.endswith(short) or (len(law) > 2 and short.endswith(law)))
        for short, number in articles
    )


def cited(text: str) -> list[tuple[str, str]]:
    """Return (law, article number) of every citation «…第 24 条»; enumerations share the law."""
    found = []
    for match in re.finditer(
        r"([\u4e00-\u9fff〔〕（）()\d]*?[\u4e00-\u9fff〕）])第 ?(\d+)((?:[、和] ?\d+)*) ?条", text
    ):
        law = match.group(1)
        for number in (match.group(2), *re.findall(r"\d+", match.group(3))):
            found.append((law, number))
    return found


@functools.lru_cache(maxsize=1)
def _shorts(laws: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset(pair for short in laws for pair in cited(short))


def knowledge_articles(facts) -> frozenset[tuple[str, str]]:
    """Return (law's short name, article number) of every law record."""
    return _shorts(tuple(law.short for law in facts.laws.values()))


def test_no_known_wrong_number_is_ever_offered(facts, every_answer):
    wrong = {digits(number.value) for number in facts.wrong_numbers.values()}
    offered = {digits(c.value) for c in facts.contacts.values() if c.offered}
    for name, bubbles in every_answer:
        if name.startswith(("verify", "nothing to verify", *ABOUT_OTHER_NUMBERS)) or name in facts.scams:
            continue
        for bubble in bubbles:
            found = {digits(number) for number in PHONE.findall(bubble.text)}
            assert not found & wrong, (name, bubble.text)
            found -= {digits(MERCHANT_LINE)} if name.startswith(ABOUT_MERCHANTS) else set()
            assert found <= offered, (name, found - offered, bubble.text)


def test_the_merchant_line_is_never_given_to_a_shopper(every_answer):
    for name, bubbles in every_answer:
        for bubble in bubbles:
            assert MERCHANT_LINE not in digits(bubble.text) or name.startswith(ABOUT_MERCHANTS), name


def test_no_answer_promises_success_or_prints_an_email(every_answer):
    for name, bubbles in every_answer:
        for bubble in bubbles:
            assert not PROMISE.search(bubble.text), (name, PROMISE.search(bubble.text), bubble.text)
            assert "@" not in bubble.text, name


def test_no_answer_asks_for_what_must_stay_secret(every_answer):
    asking = re.compile(r"(请|要|把)(您的?|你的?)?(提供|填写|发|告诉我|输入)[^，。；]{0,6}(身份证|银行卡|密码|验证码)")
    for name, bubbles in every_answer:
        for bubble in bubbles:
            match = asking.search(bubble.text)
            assert not match or "不" in bubble.text[max(0, match.start() - 4) : match.end()], (name, bubble.text)


def test_the_first_answer_to_every_situation_is_whole(facts):
    for situation in facts.situations.values():
        bubbles, _ = first_reply(Advice(Case(situation.id), facts, TODAY))
        text = bubbles[0].text
        assert "现在这样做" in text
        assert "2. " in text
        assert "【证据】" in text, situation.id
        assert "【路径】" in text or "【联系】" in text, situation.id
        assert "【不成再】" in text, situation.id
        payloads = {button.payload for bubble in bubbles for button in bubble.buttons}
        for topic in ("ask_talk_to_seller", "ask_evidence", "ask_deadline", "ask_phone", "ask_compensation"):
            assert f"/{topic}" in payloads, situation.id


def test_uncertain_facts_are_worded_as_usual_and_certain_ones_are_not(facts):
    uncertain = topic_reply("ask_review", Advice(Case(), facts, TODAY), False)[0][0].text
    assert "通常" in uncertain
    assert "以 App 页面显示为准" in uncertain
    certain = render("topics/ask_compensation", facts, TODAY, situation=None)
    assert "通常" not in certain


def test_stale_facts_are_shown_with_their_date(facts):
    checked = facts.contacts["pdd_hotline"].checked
    fresh = topic_reply("ask_phone", Advice(Case(), facts, checked), False)[0][0].text
    late = topic_reply("ask_phone", Advice(Case(), facts, checked + datetime.timedelta(days=200)), False)[0][0].text
    assert checked.isoformat() not in fresh
    assert checked.isoformat() in late


def test_an_editor_s_new_number_reaches_every_answer(facts):
    contacts = {**facts.contacts}
    contacts["pdd_hotline"] = contacts["pdd_hotline"].copy(update={"value": "021-00000000"})
    edited = dataclasses.replace(facts, contacts=contacts)
    for name, bubbles in answers(edited):
        if name.startswith("verify") or "merchant" in name:
            continue
        for bubble in bubbles:
            assert "53395288" not in digits(bubble.text), name


def test_templates_hold_no_facts():
    allowed = re.compile(r"^\d\. |\n\d\. ")
    held = {}
    for file in TEMPLATES.rglob("*.j2"):
        text = re.sub(r"\{[{%#].*?[}%#]\}", "", file.read_text(encoding="utf-8"), flags=re.S)
        text = allowed.sub("\n", text)
        if re.search(r"\d", text):
            held[file.name] = re.findall(r".{0,10}\d+.{0,10}", text)
    assert not held


def test_responses_hold_no_facts():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variants in domain["responses"].items():
        assert not re.search(r"\d", "".join(variant["text"] for variant in variants)), name
