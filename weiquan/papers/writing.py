"""Papers written from a case: messages, complaints, a civil complaint, a list of evidence.

What a paper must hold stands in `knowledge/papers.yml` with its source, its
layout in `templates/papers/`. What only the shopper can know is left as a blank
「【请填写：…】」.
"""

from __future__ import annotations

import datetime
from typing import Iterable, List, Tuple

from weiquan.advice.advice import Advice
from weiquan.facts.knowledge import Knowledge
from weiquan.papers.draft import Draft, cited
from weiquan.papers.paper import Paper, as_blocks
from weiquan.papers.printable import as_blanks, blank, in_full
from weiquan.rendering.render import render_parts


def write_paper(paper_id: str, advice: Advice, tone: str = "firm") -> Paper:
    """Return the paper `paper_id` for a case, dated the day of `advice`; one of which nothing is known gives blanks.

    `tone` (an id of `Knowledge.tones`) matters to the message to the seller alone. Raises
    `KeyError` for an unknown paper or tone.
    """
    facts, today = advice.facts, advice.today
    kind, manner = facts.papers[paper_id], facts.tones[tone]
    draft = Draft(kind, advice)
    until = today + datetime.timedelta(days=manner.reply_days or 0)
    parts, notes = render_parts(
        f"papers/{paper_id}",
        facts,
        today,
        paper=kind,
        seller=kind.seller,
        tone=manner,
        blank=blank,
        dated=in_full(today),
        until=in_full(until),
        then=in_full(until + datetime.timedelta(days=1)),
        written=lambda law_id: cited([law_id], facts),
        **draft.values(),
    )
    blanks = len(as_blanks(parts[0]))
    # What the facts used call for, then that it is a draft: the last line of every paper.
    last, _ = render_parts("papers/draft", facts, today, blanks=blanks)
    text = "\n".join([*parts, *(f"// {note}" for note in notes.split("\n") if note), *last])
    return Paper(paper_id, kind.title, as_blocks(text), today, kind.is_message)


def papers_for(advice: Advice) -> Tuple[str, ...]:
    """Return the papers that fit the case, the most fitting first: next rung, evidence, rungs left, rungs taken.

    A case without a known situation gets those of the usual ladder.
    """
    case, facts = advice.case, advice.facts
    if advice.is_open:
        ladder, first = advice.ladder, advice.step.rung.id
    else:
        ladder, first = facts.usual_ladder, facts.usual_ladder[0]
    if "complaint_12315" in ladder and "association" not in ladder:
        # The association mediates whatever the market regulator does, and is the other door.
        ladder = (*ladder, "association")
    left = [rung for rung in ladder if rung not in case.climbed]
    found = [*_papers_of([first], facts), "evidence_list", *_papers_of([*left, *reversed(ladder)], facts)]
    return tuple(dict.fromkeys(found))


def _papers_of(rungs: Iterable[str], facts: Knowledge) -> List[str]:
    return [paper.id for rung in rungs for paper in facts.papers.values() if rung in paper.rungs]
