"""What is read within a case: news, on messages from the middle of a complaint that were kept out of training.

Each message of `tests/nlu/kept_out/fresh/context.yml` is parsed by the trained model with
the question that was open. Counted are the news that the bot acts on (`NEWS_TOLD`; what
has advice of its own from `DEVELOPMENT_TOLD` on) against the labels.
"""

from __future__ import annotations

import asyncio
import collections
import pathlib
from typing import Any, Dict, FrozenSet, List, Mapping, Sequence, Tuple

import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from components.open_case import Note, note
from scripts.evaluation.metrics import Score, Share
from scripts.evaluation.tables import share_text, table
from weiquan.clock import today
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.handlers.developments import DEVELOPMENT_TOLD
from weiquan.places import ROOT
from weiquan.reading.message import Message
from weiquan.reading.situations import NEWS_TOLD

FILE = ROOT / "tests" / "nlu" / "kept_out" / "fresh" / "context.yml"


def read_context(file: pathlib.Path = FILE) -> List[Mapping[str, Any]]:
    """Return the labelled messages: `text`, `news`, and `asked` where a question was open."""
    loaded: List[Mapping[str, Any]] = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded


def acted_on(message: Message, facts: Knowledge) -> FrozenSet[str]:
    """Return the news in `message` that change a case, or have advice of their own."""
    return frozenset(
        name
        for name, share in message.found.news
        if share >= (DEVELOPMENT_TOLD if name in facts.developments else NEWS_TOLD)
    )


def read_messages(texts: Sequence[Tuple[str, Note]], model: pathlib.Path, facts: Knowledge) -> List[Message]:
    """Return each text as `model` reads it, where the bot knows of the case what its note says."""

    async def parses() -> List[Any]:
        agent, found = Agent.load(str(model)), []
        for text, known in texts:
            note(known)
            found.append(await agent.processor.parse_message(UserMessage(text=text)))
        return found

    return [Message.from_parse(parse, None, facts, today()) for parse in asyncio.run(parses())]


def score(model: pathlib.Path) -> Dict[str, Any]:
    """Return the score of each news, the share of messages read wholly right, and that of news seen where none are."""
    facts, labelled = knowledge(), read_context()
    messages = read_messages([(str(said["text"]), Note(True, said.get("asked"))) for said in labelled], model, facts)
    right: collections.Counter[str] = collections.Counter()
    wrong: collections.Counter[str] = collections.Counter()
    missed: collections.Counter[str] = collections.Counter()
    whole, false = 0, 0
    for expected, message in zip(labelled, messages, strict=True):
        wanted, got = frozenset(expected["news"]), acted_on(message, facts)
        right.update(wanted & got)
        wrong.update(got - wanted)
        missed.update(wanted - got)
        whole += wanted == got
        false += bool(got) and not wanted
    names = sorted({*right, *wrong, *missed})
    silent = sum(not message["news"] for message in labelled)
    return {
        "by_news": {name: Score(right[name], wrong[name], missed[name]) for name in names},
        "all": Score(sum(right.values()), sum(wrong.values()), sum(missed.values())),
        "right": Share(whole, len(labelled)),
        "false": Share(false, silent),
    }


def section(found: Mapping[str, Any]) -> str:
    """Return the part of the report with these scores."""
    scores = {"all": found["all"], **found["by_news"]}
    rows = [[name, f"{score.precision:.2f}", f"{score.recall:.2f}", score.support] for name, score in scores.items()]
    return "\n".join(
        [
            "### Within a case\n",
            f"Read wholly right: {share_text(found['right'])}.\n",
            f"News seen where there are none: {share_text(found['false'])}.\n",
            table(["news", "precision", "recall", "messages"], rows),
        ]
    )
