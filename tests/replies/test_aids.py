"""What helps a case along: days, evidence, the estimate, papers; and their cards."""

from __future__ import annotations

import dataclasses
import datetime
import json

import pytest

from tests.replies.test_plan import PLACES, check_bubble, check_card
from weiquan.advice.advice import Advice
from weiquan.advice.compensation import estimate
from weiquan.advice.deadlines import due_dates
from weiquan.advice.next_question import find_question
from weiquan.case.case import Case
from weiquan.case.events import EVENTS
from weiquan.dialogue.answers import take_answer
from weiquan.dialogue.ticks import with_ticks
from weiquan.facts.knowledge import knowledge
from weiquan.papers.writing import papers_for
from weiquan.reading.details import Details
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies.checklist import MOST_TICKS, evidence_reply
from weiquan.replies.estimate import estimate_reply
from weiquan.replies.papers import paper_reply
from weiquan.replies.topics import dates_reply

PAPERS, TONES = tuple(knowledge().papers), tuple(knowledge().tones)
TODAY = datetime.date(2026, 11, 24)
URL = "https://example.org/chat/files/token"


def days_ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def ticks(case, facts):
    """Return (id, ticked) of the evidence card of a case."""
    (bubble, *_), _ = evidence_reply(Advice(case, facts, TODAY))
    return [(item["id"], item["ticked"]) for item in bubble.card["items"]]


def test_pressing_a_button_ticks_that_piece_and_moves_no_other(facts):
    for case in PLACES:
        listed = [piece for piece, _ in ticks(case, facts)]
        answer, same = evidence_reply(Advice(case, facts, TODAY))
        for bubble in answer:
            check_bubble(bubble)
        assert same == case
        pressed = [
            json.loads(button.payload.partition("{")[1] + button.payload.partition("{")[2])
            for button in answer[-1].buttons[:1]
        ]
        assert pressed == [{"evidence": listed[0]}]
        after = with_ticks(case, frozenset(listed[:1]), frozenset())
        assert ticks(after, facts) == [(piece, piece == listed[0]) for piece in listed]
        assert with_ticks(after, frozenset(), frozenset(listed[:1])) == case


def test_the_evidence_buttons_are_few_and_never_of_what_is_there(facts):
    case = Case("quality_problem")
    everything = frozenset(piece for piece, _ in ticks(case, facts))
    (bubble,), _ = evidence_reply(Advice(dataclasses.replace(case, evidence=everything), facts, TODAY))
    assert not [button for button in bubble.buttons if "tick_evidence" in button.payload]
    assert "都齐了" in bubble.text
    (bubble,), _ = evidence_reply(Advice(case, facts, TODAY))
    assert len([button for button in bubble.buttons if "tick_evidence" in button.payload]) == min(
        MOST_TICKS, len(everything)
    )


def test_without_a_case_general_evidence_is_listed(facts):
    (bubble,), case = evidence_reply(Advice(Case(), facts, TODAY))
    check_bubble(bubble)
    assert bubble.card["items"]
    assert bubble.card["title"] == "证据清单"
    assert case == Case()


def test_the_days_that_count_are_told_with_their_calendar(facts):
    case = Case("seven_day_return_refused", stage="received", dates={"received": days_ago(3)}, put=("received_on",))
    (first, second), asked = dates_reply(Advice(case, facts, TODAY), lambda: URL)
    check_bubble(first)
    assert URL in first.text
    assert first.card["calendar"] == URL
    assert "11月28日" in first.text
    assert {"ends": "2026-11-28", "days_left": 4}.items() <= first.card["dues"][0].items()
    assert find_question(asked.question, facts).text in second.text
    assert dates_reply(Advice(Case("seven_day_return_refused"), facts, TODAY), lambda: URL) is None


def test_however_many_days_there_are_the_bubble_and_its_card_agree(facts):
    dates = {event: days_ago(place + 2) for place, event in enumerate(EVENTS)}
    for place in PLACES:
        case = dataclasses.replace(place, dates=dates)
        for limit in ("", URL):
            answer = dates_reply(Advice(case, facts, TODAY), lambda limit=limit: limit)
            assert (answer is None) == (not due_dates(case, facts, TODAY))
            if answer:
                (first, _), _ = answer
                check_bubble(first)
                assert first.card["dues"]
                assert all(due["line"] in first.text for due in first.card["dues"])


def test_the_estimate_waits_for_the_amount_only_where_it_asked_for_it(facts):
    for case in PLACES:
        (bubble, *more), asked = estimate_reply(Advice(case, facts, TODAY))
        for part in (bubble, *more):
            check_bubble(part)
        assert (asked.question == "amount_paid") == ("实付多少元" in bubble.text)
        claims = estimate(case, facts)
        assert (bubble.card is None) == (not claims)
        if bubble.card:
            assert [claim["name"] for claim in bubble.card["claims"]] == [claim.rule.name for claim in claims]


def test_the_amount_told_after_an_estimate_is_reckoned_with(facts):
    _, asked = estimate_reply(Advice(Case("counterfeit"), facts, TODAY))
    answered = take_answer(asked, "inform", "128", Details(), [], facts)
    (bubble, *_), after = estimate_reply(Advice(answered, facts, TODAY))
    assert (after.amount, after.question) == (128.0, None)
    assert "500 元" in bubble.text
    assert "500 元" in [claim["amount"] for claim in bubble.card["claims"]]


def test_an_open_question_stays_open_beside_an_estimate(facts):
    case = Case("counterfeit", question="received_on")
    assert estimate_reply(Advice(case, facts, TODAY))[1] == case


def test_no_estimate_and_no_crash_without_a_case(facts):
    (bubble,), case = estimate_reply(Advice(Case(), facts, TODAY))
    assert bubble.card is None
    assert case == Case()
    check_bubble(bubble)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("case", [Case(), Case("counterfeit"), Case("invoice_problem"), Case("injury")])
def test_a_paper_comes_at_once_with_blanks(facts, paper, case):
    for url in (None, URL):
        (first, second), same = paper_reply(paper, "firm", Advice(case, facts, TODAY), url)
        assert same == case
        check_card(dict(first.card))
        check_bubble(second)
        assert (URL in second.text) == (url is not None)
        assert first.card["url"] == url
        assert "【请填写：" in first.text
        assert "身份证" not in first.card["text"]
        assert all(line in first.text for line in first.card["text"].split("\n"))


def test_the_tones_of_a_message_are_a_button_apart(facts):
    for tone in TONES:
        (_, second), _ = paper_reply("seller_message", tone, Advice(Case("counterfeit"), facts, TODAY), None)
        names = {facts.tones[other].name for other in TONES if other != tone}
        assert names <= {button.title for button in second.buttons}
        assert facts.tones[tone].name not in {button.title for button in second.buttons}
    texts = {
        paper_reply("seller_message", tone, Advice(Case("counterfeit"), facts, TODAY), None)[0][0].text
        for tone in TONES
    }
    assert len(texts) == len(TONES)


def test_the_papers_offered_fit_the_case(facts):
    for case in PLACES:
        (_, second), _ = paper_reply("evidence_list", "firm", Advice(case, facts, TODAY), None)
        check_bubble(second)
        offered = [paper_id for paper_id in papers_for(Advice(case, facts, TODAY)) if paper_id != "evidence_list"]
        names = [facts.papers[paper_id].name for paper_id in offered]
        assert [button.title for button in second.buttons[:-1]] == names[:4]
        assert len(second.text) <= MAX_BUBBLE


@pytest.mark.parametrize(("paper", "tone"), [("love_letter", "firm"), ("seller_message", "furious")])
def test_an_unknown_paper_or_tone_is_an_error(facts, paper, tone):
    with pytest.raises(KeyError):
        paper_reply(paper, tone, Advice(Case("counterfeit"), facts, TODAY), None)
