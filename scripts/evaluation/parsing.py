"""The process that `scripts.evaluation.models.parse` starts: `python -m scripts.evaluation.parsing MODEL JOB OUT`."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import pathlib
import sys
import time
from typing import Any, Dict, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from scripts.evaluation.models import FALLBACK, Reading, Run
from weiquan.reading.situations import Found


def _resident_megabytes() -> float:
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _parse_all(model: str, texts: List[str], now: Optional[str], began: float) -> Run:
    agent = Agent.load(model)
    loaded, loaded_megabytes = time.monotonic() - began, _resident_megabytes()
    metadata = {"timestamp": now} if now else None
    first = 0.0
    readings: List[Reading] = []
    for text in texts:
        start = time.perf_counter()
        try:
            parsed = await agent.processor.parse_message(UserMessage(text=text, metadata=metadata))
        except Exception as error:  # a stock classifier raises on a text without features
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            parsed = None
        readings.append(_reading(text, parsed, (time.perf_counter() - start) * 1000))
        first = first or time.monotonic() - began
    return Run(tuple(readings), loaded, first, loaded_megabytes, _resident_megabytes())


def _reading(text: str, parsed: Optional[Dict[str, Any]], milliseconds: float) -> Reading:
    if parsed is None:
        return Reading(text, FALLBACK, (), (), milliseconds, failed=True)
    ranking = tuple(
        (str(entry["name"]), float(entry["confidence"]))
        for entry in parsed["intent_ranking"]
        if entry["name"] != FALLBACK
    )
    intent = (parsed.get("intent") or {}).get("name")
    entities, found = tuple(parsed["entities"]), Found.from_parse(parsed)
    return Reading(str(parsed["text"]), intent, ranking, entities, milliseconds, found=found)


def main() -> None:
    """Load the model, parse the texts of the job file, and write the run to the output file."""
    model, job, out = sys.argv[1:]
    asked = json.loads(pathlib.Path(job).read_text(encoding="utf-8"))
    run = asyncio.run(_parse_all(model, asked["texts"], asked["now"], asked["began"]))
    pathlib.Path(out).write_text(json.dumps(dataclasses.asdict(run), ensure_ascii=False, default=str), encoding="utf-8")


if __name__ == "__main__":
    main()
