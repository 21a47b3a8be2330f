"""What a shopper gets: the first turn on the messages kept out of training, end to end (`make first-turn`).

Each message of tests/nlu/kept_out is parsed by the trained model and answered by
`weiquan.turn`, as the first of a conversation. Of the complaints the figures are

- right: the case opened is of a kind that the labels name,
- one tap: not right, but another trouble noticed, or a button, is,
- turned away: no case, no such button, and the answer is that of out of scope,
- wrong: the rest;

of what is no complaint the share for which a case was opened (false alarm). Of the
dangers, by kind: the share that is met as a danger at once; of what only sounds
like one, the share that is met so too.
`--errors N` prints N complaints that were not right.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import re
import sys
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Set, Tuple

import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from scripts.evaluation.metrics import Share
from scripts.evaluation.tables import share_text, write_json
from weiquan.clock import today
from weiquan.facts.knowledge import Knowledge, knowledge
from weiquan.handlers.context import State
from weiquan.places import MODEL, ROOT
from weiquan.reading.message import Message
from weiquan.turn import TurnResult, take_turn

KEPT_OUT = ROOT / "tests" / "nlu" / "kept_out"
LONG = 60
"""Characters from which on a complaint is a story."""
OTHER = "report_other"
_SITUATION = re.compile(r'"situation": ?"(\w+)"')
_INTENT = re.compile(r"/(\w+)")

Labelled = Mapping[str, Any]


def read_kept_out(name: str) -> List[Labelled]:
    """Return the labelled messages of tests/nlu/kept_out/`name`.yml."""
    loaded: List[Labelled] = yaml.safe_load((KEPT_OUT / f"{name}.yml").read_text(encoding="utf-8"))
    return loaded


async def _parses(texts: Sequence[str]) -> List[Dict[str, Any]]:
    agent = Agent.load(str(MODEL))
    return [await agent.processor.parse_message(UserMessage(text=text)) for text in texts]


def first_turns(texts: Sequence[str], facts: Knowledge) -> List[Tuple[Message, TurnResult]]:
    """Return each message as read and the turn that answers it, each the first of a conversation."""
    messages = [Message.from_parse(parse, None, facts, today()) for parse in asyncio.run(_parses(texts))]
    return [(message, take_turn(message, State())) for message in messages]


def accepted(labelled: Labelled, facts: Knowledge) -> Set[str]:
    """Return the kinds of report that the labels of a complaint name."""
    known = {facts.situations[label].intent for label in labelled["situations"] if label in facts.situations}
    return known or {OTHER}


def verdict(labelled: Labelled, message: Message, result: TurnResult, facts: Knowledge) -> str:
    """Return right, one tap, turned away or wrong for a complaint."""
    wanted = accepted(labelled, facts)
    opened = facts.situations.get(result.case.situation or "")
    if opened and opened.intent in wanted:
        return "right"
    if wanted.intersection(_offered(result, facts)):
        return "one tap"
    declined = message.intent == "out_of_scope" and opened is None and not result.bubbles[-1].buttons
    return "turned away" if declined else "wrong"


def _offered(result: TurnResult, facts: Knowledge) -> Iterator[str]:
    for other in result.case.others:
        yield facts.situations[other].intent
    for bubble in result.bubbles:
        for button in bubble.buttons:
            yield from _INTENT.findall(button.payload)[:1]
            for situation in _SITUATION.findall(button.payload):
                yield facts.situations[situation].intent


def main() -> int:
    """Print the figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--errors", type=int, default=0)
    errors = options.parse_args().errors
    facts = knowledge()
    messages, dangers = read_kept_out("messages"), read_kept_out("danger")
    turns = first_turns([str(message["text"]) for message in (*messages, *dangers)], facts)
    counts: Dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for labelled, (message, result) in zip(messages, turns, strict=False):
        size = "stories" if len(labelled["text"]) >= LONG else "short"
        if labelled["kind"] != "complaint":
            counts[f"{labelled['kind']}, {size}"]["case opened" if result.case.situation else "none"] += 1
            continue
        got = verdict(labelled, message, result, facts)
        counts[f"complaints, {size}"][got] += 1
        if got != "right" and errors:
            errors -= 1
            print(got, labelled["situations"], message.intent, result.case.situation, labelled["text"], sep="\t")
    for labelled, (message, _) in zip(dangers, turns[len(messages) :], strict=True):
        got = "met as danger" if message.dangers else "not"
        counts["danger" if labelled["danger"] else "no danger"][got] += 1
        for kind in labelled["danger"]:
            counts[f"danger, {kind}"]["told" if kind in message.dangers else got] += 1
    for name, found in sorted(counts.items()):
        total = sum(found.values())
        shares = [f"{what} {share_text(Share(count, total))}" for what, count in sorted(found.items())]
        print(f"{name} ({total}): " + "; ".join(shares))
    write_json(ROOT / "results" / "first_turn.json", {name: dict(found) for name, found in counts.items()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
