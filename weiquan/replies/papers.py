"""A paper in the chat: its text to copy, and the address of its file."""

from __future__ import annotations

from typing import List, Optional, Sequence

from weiquan.advice.advice import Advice
from weiquan.facts.knowledge import Knowledge
from weiquan.papers.links import LINK_SECONDS
from weiquan.papers.paper import as_text
from weiquan.papers.writing import papers_for, write_paper
from weiquan.replies.bubbles import Bubble, Button, Reply
from weiquan.replies.buttons import SELLER_MESSAGE, back_button, paper_payload, situation_buttons
from weiquan.replies.texts import text_of

MOST_PAPERS = 4
LINK_HOURS = LINK_SECONDS // 3600


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
