"""What the documents name is there, what they list is complete; they say how things are, not how they came to be."""

from __future__ import annotations

import dataclasses
import pkgutil
import re
import subprocess

import pytest

from scripts.structure import LEVELS
from weiquan.case.case import Case
from weiquan.case.events import EVENTS
from weiquan.facts.case_words import case_words
from weiquan.places import ROOT

HISTORY = ("CHANGELOG.md", "docs/evaluation.md")
"""The only documents that tell what was before."""
DOCUMENTS = sorted(
    file.relative_to(ROOT).as_posix()
    for file in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if file.name != "CHANGELOG.md"
)
PAST = r"since then|of then\b|of before\b|had been|not timed again|used to be|formerly|so far\b"
STRANGE = r"\breckon|\bmend(s|ed|ing)?\b|\brooms\b"
"""Words for which there is a plainer one: work out or count; correct; packages or folders."""
MADE = ("var/", "models/", "results/", ".venv/", ".tools/", "widget/dist", "widget/node_modules")
"""Where what set-up and runs put down lies: it need not be there."""
MOST_LINES_OF_A_README = 150
READMES = ("README.md", "README.zh-CN.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose_of(name: str) -> str:
    """The text without blocks of code."""
    return re.sub(r"^```.*?^```", "", text_of(name), flags=re.MULTILINE | re.DOTALL)


def found(pattern: str, text: str) -> str:
    """The part of `text` that the first group of `pattern` holds."""
    match = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    assert match, pattern
    return match[1]


def anchors(name: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose_of(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(name: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    below = text_of(name).split(f"## {heading}\n", 1)[1]
    lines = found(r"((?:^\|[^\n]*\n)+)", below).splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(name)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.resolve().relative_to(ROOT).as_posix()), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_named_is_there(name):
    tops = {path.name for path in ROOT.iterdir()}
    for path in re.findall(r"`([\w.-]+/[\w./-]*)`", prose_of(name)):
        if path.split("/")[0] in tops and not path.startswith(MADE):
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_name_in_the_code_is_there(name):
    for dotted in re.findall(r"`((?:weiquan|actions|components|channels|scripts)(?:\.\w+)+)`", prose_of(name)):
        if dotted.endswith(".yml"):
            continue
        pkgutil.resolve_name(dotted)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_target_of_make_is_there(name):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`(?:\w+=\S+ )*make ([a-z]+(?:-[a-z]+)*)", text_of(name))) <= targets


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name not in HISTORY])
def test_a_document_says_how_things_are(name):
    assert not re.search(PAST, text_of(name), re.IGNORECASE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_in_plain_english(name):
    assert not re.search(STRANGE, prose_of(name), re.IGNORECASE)


def test_the_table_of_situations_is_that_of_the_facts(facts):
    listed = [(int(number), *cells) for number, *cells in rows("docs/coverage.md", "The situations")]
    assert listed == [
        (situation.number, situation.id, situation.name, situation.intent) for situation in facts.situations.values()
    ]


def test_the_table_of_packages_is_in_the_order_of_imports():
    listed = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text_of("docs/architecture.md"), re.MULTILINE)
    named = [name for cell in listed for name in re.findall(r"`(\w+)`", cell) if name in LEVELS]
    singles = len(LEVELS[: LEVELS.index("language")])
    assert set(named[:singles]) == set(LEVELS[:singles])
    assert tuple(named[singles : len(LEVELS)]) == LEVELS[singles:]


def test_the_table_of_settings_is_complete():
    files = [file for folder in ("weiquan", "scripts") for file in (ROOT / folder).rglob("*.py")]
    known = {name for file in files for name in re.findall(r'"(WEIQUAN_[A-Z_]+)"', file.read_text(encoding="utf-8"))}
    assert {cells[0] for cells in rows("docs/operating.md", "Settings")} == known


def test_the_guide_lists_the_events_with_their_words():
    below = text_of("docs/content-guide.md").split("## Add a question to the interview\n", 1)[1]
    listed = dict(re.findall(r"`(\w+)` ([^|\n]+?) \|", below.split("\n1. ", 1)[0]))
    assert listed == {event: case_words().events[event] for event in EVENTS}


def test_what_is_for_the_public_is_the_same_in_all_documents():
    table = rows("docs/operating.md", "What runs")
    public = {address.split("`")[0] for address, _, who in table if who == "yes"}
    folders = {re.match(r"/(?:webhooks/)?\w+/?", address)[0] for address in public}
    for name, pattern in (
        ("docs/operating.md", r"^2\. Pass on (.*?) to `http"),
        ("README.md", r"pass on (.*?), nothing else"),
        ("README.zh-CN.md", r"只转发 (.*?)，别的"),
    ):
        assert set(re.findall(r"`(/[^`]+)`", found(pattern, text_of(name)))) == folders, name


def test_the_table_of_state_holds_every_field_of_a_case():
    state = rows("docs/architecture.md", "How state is kept")
    fields = [name for cells in state for name in re.findall(r"\w+", cells[0])]
    slots = [name for cells in state for name in re.findall(r"\w+", cells[1])]
    assert sorted(fields) == sorted(field.name for field in dataclasses.fields(Case))
    assert sorted(slots) == sorted(Case().to_slots())


def test_both_readmes_say_the_same():
    english, chinese = (text_of(name) for name in READMES)
    for pattern in (r"^#+ ", r"^- ", r"^\|", r"^\d\. "):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], pattern
    conversation = r"```text\n(.*?)```"
    assert found(conversation, english) == found(conversation, chinese)
    # A link leads to the same places in both, but for the one to the other language.
    links = [set(re.findall(r"\]\(([^)\s]+)\)", text)) - set(READMES) for text in (english, chinese)]
    assert links[0] == links[1]
    assert all(len(text.splitlines()) <= MOST_LINES_OF_A_README for text in (english, chinese))


def test_both_readmes_count_the_situations(facts):
    assert f"{len(facts.situations)} kinds of trouble" in text_of("README.md")
    assert f"{len(facts.situations)} 种麻烦" in text_of("README.zh-CN.md")


def test_make_lists_every_target_in_a_group():
    makefile = text_of("Makefile")
    printed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    groups = re.split(r"^(?=\S)", printed, flags=re.MULTILINE)[1:]
    listed = [target for group in groups for target in re.findall(r"^  make (\S+)", group, re.MULTILINE)]
    assert sorted(["help", *listed]) == sorted(found(r"^\.PHONY: ([^\n]+)$", makefile).split())
    assert len(groups) == len(re.findall(r"^##@ ", makefile, re.MULTILINE)) == 4


def test_the_version_is_that_of_the_newest_release():
    version = found(r'^version = "([^"]+)"$', text_of("pyproject.toml"))
    assert version == found(r'^name = "weiquan"\nversion = "([^"]+)"$', text_of("uv.lock"))
    assert version == found(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", text_of("CHANGELOG.md"))
