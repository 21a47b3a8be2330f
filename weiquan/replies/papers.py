"""A paper in the chat: what will stand in it, what is asked for it, its text to copy, the address of its file."""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Sequence, Tuple

from weiquan.advice.advice import Advice
from weiquan.advice.next_question import PAPER_MARK
from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.papers.links import LINK_SECONDS
from weiquan.papers.paper import as_text
from weiquan.papers.questions import Asked, known_for, labels_missing, paper_of
from weiquan.papers.writing import papers_for, write_paper
from weiquan.rendering.fitting import MAX_BUBBLE
from weiquan.replies.bubbles import Bubble, Button, Reply, payload
from weiquan.replies.buttons import SELLER_MESSAGE, back_button, paper_payload, situation_buttons, ways_round
from weiquan.replies.texts import text_of

MOST_PAPERS = 4
LINK_HOURS = LINK_SECONDS // 3600
NOW, AT_ONCE = "now", "先这样，直接生成"
"""The answer that wants the paper as it is, and how its button says so."""


def paper_reply(paper_id: str, tone: str, advice: Advice, url: Optional[str]) -> Reply:
    """Return a paper as text to copy, and what can be had beside it. `url` is the address of its .docx.

    Blanks are marked, so a paper comes at once, whatever is known. Raises
    `KeyError` for an unknown paper or tone.
    """
    case, facts = advice.case, advice.facts
    paper = write_paper(paper_id, advice, tone)
    is_message = paper_id == SELLER_MESSAGE
    tones = [
        Button(other.name, paper_payload(paper_id, other.id)) for other in facts.tones.values() if other.id != tone
    ]
    others = [other for other in papers_for(advice) if other != paper_id][:MOST_PAPERS]
    buttons: List[Button] = [*(tones if is_message else []), *_paper_buttons(others, facts)]
    card = {
        "kind": "paper",
        "id": paper_id,
        "title": paper.title,
        "text": as_text(paper, with_notes=False),
        "url": url,
        "expires_hours": LINK_HOURS,
        "others": [{"title": button.title, "payload": button.payload} for button in buttons],
    }
    back = [back_button(facts)] if case.situation else situation_buttons(facts)[:2]
    beside = text_of("paper", advice, title=paper.title, url=url, hours=LINK_HOURS, is_message=is_message)
    return Reply((Bubble(as_text(paper), card=card), Bubble(beside, (*buttons, *back))), case)


def _paper_buttons(papers: Sequence[str], facts: Knowledge) -> List[Button]:
    return [Button(facts.papers[paper].name, paper_payload(paper)) for paper in papers]


def review_reply(paper_id: str, open_paper: str, asked: Asked, advice: Advice) -> Reply:
    """Return what will stand in a paper, what is missing there, and the first question for it.

    `open_paper` is the paper with its tone, as `Case.paper` keeps it.
    """
    known, missing = list(known_for(paper_id, advice)), labels_missing(paper_id, advice)
    title = advice.facts.papers[paper_id].name
    text = text_of("paper_review", advice, title=title, known=known, missing=missing)
    while known and len(text) > MAX_BUBBLE:
        known.pop()
        text = text_of("paper_review", advice, title=title, known=known, missing=missing)
    case = dataclasses.replace(advice.case, paper=open_paper)
    question, case = _question(asked, case, "")
    return Reply((Bubble(text), question), case)


def next_paper_question_reply(before: Asked, asked: Asked, advice: Advice) -> Reply:
    """Return that the answer to `before` was taken, as it will stand in the paper, and the next question."""
    chosen, _ = paper_of(advice.case)
    label = next((question.label for question in advice.facts.paper_questions.values() if question.id == before.id), "")
    value = dict(known_for(chosen, advice)).get(label)
    question, case = _question(asked, advice.case, f"记下：{label} {value}。" if value else "好。")
    return Reply((question,), case)


def asked_again_reply(asked: Asked, advice: Advice) -> Reply:
    """Put the open question for a paper once more, with its reason."""
    question, case = _question(asked, advice.case, "接着刚才的材料：")
    return Reply((question,), case)


def no_trouble_reply(paper_id: str, tone: str, advice: Advice) -> Reply:
    """Ask what happened before a paper is written; the form with blanks is a tap away."""
    text = text_of("paper_review", advice, title=advice.facts.papers[paper_id].name, known=None, missing=())
    buttons = (_at_once(paper_id, tone), *situation_buttons(advice.facts)[:4])
    return Reply((Bubble(text, buttons),), advice.case)


def _question(asked: Asked, case: Case, lead: str) -> Tuple[Bubble, Case]:
    text = "\n".join(filter(None, [lead, f"{asked.text}（{asked.why}）"]))
    answers = [Button(title, payload("inform", answer=value)) for title, value in asked.options]
    buttons = (*answers, *ways_round(), _at_once(*paper_of(case)))
    return Bubble(text, buttons), dataclasses.replace(case, question=f"{PAPER_MARK}{asked.id}", asked=None)


def _at_once(paper_id: str, tone: str) -> Button:
    return Button(AT_ONCE, payload("request_document", paper=paper_id, tone=tone, answer=NOW))
