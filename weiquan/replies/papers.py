"""A paper in the chat: its text to copy, and the address of its file."""

from __future__ import annotations

import datetime
from typing import List, Optional, Sequence

from weiquan.case.case import Case
from weiquan.facts.knowledge import Knowledge
from weiquan.papers.links import LINK_SECONDS
from weiquan.papers.paper import as_text
from weiquan.papers.writing import papers_for, write_paper
from weiquan.rendering.render import render
from weiquan.replies.bubbles import Bubble, Button
from weiquan.replies.buttons import NEXT_STEP, SELLER_MESSAGE, paper_payload, situation_buttons
from weiquan.replies.steps import Answer

MOST_PAPERS = 4

LINK_HOURS = LINK_SECONDS // 3600


def paper_answer(
    paper_id: str, tone: str, case: Case, facts: Knowledge, today: datetime.date, url: Optional[str]
) -> Answer:
    """Return a paper as text to copy, and what can be had beside it. `url` is the address of its .docx.

    Blanks are marked, so a paper comes at once, whatever is known. Raises
    `KeyError` for an unknown paper or tone.
    """
    paper = write_paper(paper_id, case, facts, today, tone)
    text = as_text(paper)
    is_message = paper_id == SELLER_MESSAGE
    tones = [Button(one.name, paper_payload(paper_id, one.id)) for one in facts.tones.values() if one.id != tone]
    others = [one for one in papers_for(case, facts, today) if one != paper_id][:MOST_PAPERS]
    buttons: List[Button] = [*(tones if is_message else []), *_paper_buttons(others, facts)]
    card = {
        "kind": "paper",
        "id": paper_id,
        "title": paper.title,
        "text": as_text(paper, with_notes=False),
        "url": url,
        "expires_hours": LINK_HOURS,
        "others": [{"title": one.title, "payload": one.payload} for one in buttons],
    }
    back = [NEXT_STEP] if case.situation else situation_buttons(facts)[:2]
    told = render("paper", facts, today, title=paper.title, url=url, hours=LINK_HOURS, is_message=is_message)
    return (Bubble(text, card=card), Bubble(told, (*buttons, *back))), case


def _paper_buttons(papers: Sequence[str], facts: Knowledge) -> List[Button]:
    return [Button(facts.papers[one].name, paper_payload(one)) for one in papers]
