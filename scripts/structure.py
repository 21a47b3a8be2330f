"""Count what a newcomer meets: `python -m scripts.structure` (`make structure`).

Modules and lines a package; arrows that run upward, cycles and late imports (none
is allowed, tests/test_architecture.py); and for sample turns how often a message is
normalised and masked, and the next step of one state of a case decided (once each).
"""

from __future__ import annotations

import ast
import collections
import pathlib
import sys
from types import CodeType, FrameType
from typing import Any, Dict, Iterator, List, Set, Tuple

from rasa.shared.nlu.training_data.message import Message as RasaMessage

from components.nlu.normaliser import TextNormaliser
from weiquan.advice.advice import what_matters
from weiquan.advice.next_step import next_step
from weiquan.case.case import Case
from weiquan.clock import today
from weiquan.facts.knowledge import knowledge
from weiquan.handlers.context import State
from weiquan.language.masking import mask
from weiquan.language.normalisation import normalise, normalise_whole
from weiquan.places import ROOT
from weiquan.reading.message import Message
from weiquan.turn import take_turn

# From the bottom to the top: a name imports only from names before it.
LEVELS = (
    *(
        "places",
        "keys",
        "clock",
        "data_files",
        "settings",
        "logs",
        "faults",
        "budget",
        "language",
        "case",
        "facts",
        "rendering",
    ),
    *("reading", "advice", "dialogue", "papers", "replies", "handlers", "turn"),
)
ABOVE = {
    "weiquan": {"weiquan"},
    "actions": {"actions", "weiquan"},
    "components": {"components", "weiquan"},
    "channels": {"channels", "weiquan"},
    "scripts": {"scripts", "components", "weiquan"},
}
"""What each folder may import of the project."""
SAMPLES: Tuple[Tuple[str, str, Case], ...] = (
    ("水壶漏水，插上就跳闸，商家不理", "report_quality_problem", Case()),
    ("能赔多少", "ask_compensation", Case("counterfeit")),
    ("商家拒绝了", "seller_refused", Case("quality_problem", asked="negotiate")),
    ("签收三天了，付了129元", "inform", Case("quality_problem", question="received_on")),
    ("照片拍了，聊天记录也有", "tick_evidence", Case("quality_problem")),
    ("帮我写12315投诉", "request_document", Case("quality_problem")),
    ("到哪一步了", "show_case", Case("not_shipped").with_rungs(climbed={"after_sales"})),
    ("今天天气怎么样", "out_of_scope", Case()),
)
"""(words, intent, case before them) of the turns that are counted."""


def modules(folder: str) -> Iterator[Tuple[str, pathlib.Path]]:
    """Yield (dotted name, file) of every module below `folder`."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


def imports(file: pathlib.Path) -> Iterator[Tuple[ast.stmt, str, bool]]:
    """Yield every import of a file: the statement, the module, whether it stands inside a function."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    bodies = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    late = {id(node) for body in bodies for node in ast.walk(body)}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            whole = node.module or ""
            # `from weiquan.replies import cards` imports a module, `from weiquan.clock import BEIJING` a name.
            names = [f"{whole}.{name}" if _is_module(f"{whole}.{name}") else whole for name in names]
        for name in names:
            yield node, name, id(node) in late


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def upward_imports() -> List[str]:
    """Return «file:line: import» of every import that runs upward, in the domain or between folders."""
    found = []
    for folder, allowed in ABOVE.items():
        for module, file in modules(folder):
            for node, name, _ in imports(file):
                top = name.split(".")[0]
                inside = folder == "weiquan" == top and "." in name and "." in module
                if (top in ABOVE and top not in allowed) or (inside and _level(name) > _level(module)):
                    found.append(place(file, node))
    return found


def _level(module: str) -> int:
    return LEVELS.index(module.split(".")[1])


def late_imports() -> List[str]:
    """Return «file:line: import» of every import of the project inside a function or class."""
    return [
        place(file, node)
        for folder in ABOVE
        for _, file in modules(folder)
        for node, name, is_late in imports(file)
        if is_late and name.split(".")[0] in ABOVE
    ]


def cycles() -> List[str]:
    """Return every circle of imports as «a -> b -> a»."""
    arrows: Dict[str, Set[str]] = {}
    for folder in ABOVE:
        for module, file in modules(folder):
            arrows[module] = {name for _, name, _ in imports(file) if name.split(".")[0] in ABOVE and name != module}
    found: Set[str] = set()

    def walk(path: Tuple[str, ...], seen: Set[str]) -> None:
        for name in sorted(arrows.get(path[-1], ())):
            if name in path:
                found.add(" -> ".join([*path[path.index(name) :], name]))
            elif name not in seen:
                seen.add(name)
                walk((*path, name), seen)

    for module in arrows:
        walk((module,), set())
    return sorted(found)


def place(file: pathlib.Path, node: ast.stmt) -> str:
    """Return «file:line: statement»."""
    return f"{file.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"


def sizes() -> Dict[str, Tuple[int, int]]:
    """Return package -> (its modules, the lines of the longest)."""
    found: Dict[str, List[int]] = collections.defaultdict(list)
    for folder in ABOVE:
        for _, file in modules(folder):
            lines = len(file.read_text(encoding="utf-8").splitlines())
            found[str(file.parent.relative_to(ROOT))] += [lines] if file.name != "__init__.py" else []
    return {package: (len(lines), max(lines, default=0)) for package, lines in sorted(found.items())}


def work_of_a_turn(text: str, intent: str, case: Case) -> Dict[str, int]:
    """Return how often one turn, pipeline included, normalises, masks, and at most decides one state of a case."""
    counts: collections.Counter[Any] = collections.Counter()
    normalises, masks, decides = normalise_whole.__code__, mask.__code__, next_step.__code__

    def watch(frame: FrameType, event: str, _: Any) -> None:
        code: CodeType = frame.f_code
        if event == "call" and code is normalises:
            counts[code] += 1
        elif event == "call" and code is masks and frame.f_locals["text"] == clean:
            # What goes into a paper is masked once more (`papers.printable`): that is no reading of the message.
            counts[code] += 1
        elif event == "call" and code is decides:
            counts["step", what_matters(frame.f_locals["case"])] += 1

    facts, clean = knowledge(), normalise(text)
    told = facts.default_situation(intent)
    rasa_message = RasaMessage.build(text)
    sys.setprofile(watch)
    try:
        TextNormaliser().process([rasa_message])
        parse = {**rasa_message.as_dict(), "intent": {"name": intent, "confidence": 0.9}}
        if told:
            # What the reader of complaints makes of a report; without it no case is opened.
            parse |= {"tells_trouble": 0.9, "situation_ranking": [{"name": told.id, "confidence": 0.9}]}
        result = take_turn(Message.from_parse(parse, None, facts, today()), State(case=case))
    finally:
        sys.setprofile(None)
    states = {what_matters(case), what_matters(result.case)}
    decided = [count for key, count in counts.items() if isinstance(key, tuple) and key[1] in states]
    return {"normalised": counts[normalises], "masked": counts[masks], "decided": max(decided, default=0)}


def main() -> int:
    """Print the counts; return 1 where something runs upward, in a circle, late, or is done twice."""
    print("package: modules, lines of the longest")
    for package, (count, longest) in sizes().items():
        print(f"  {package}: {count}, {longest}")
    bad = 0
    for name, found in (("upward", upward_imports()), ("cycles", cycles()), ("late", late_imports())):
        print(f"{name}: {len(found)}", *found, sep="\n  ")
        bad += len(found)
    for text, intent, case in SAMPLES:
        work = work_of_a_turn(text, intent, case)
        print(f"{intent}: " + ", ".join(f"{name} {count}" for name, count in work.items()))
        bad += sum(count > 1 for count in work.values())
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
