"""Training data, `domain.yml`, actions and facts against each other: what `make check` says."""

from __future__ import annotations

import collections
import copy
import pathlib

import pytest
import yaml

from scripts.training_data.consistency import (
    MINIMUM_OF_SITUATION,
    action_names,
    check_domain,
    check_labels,
    check_places,
    check_situation_counts,
)
from scripts.training_data.examples import read_blocks, read_training_set, situations_of
from tests.conftest import ROOT


def block(path: str, intent: str | None, *situations: str) -> tuple[pathlib.PurePath, dict]:
    """A block of an NLU file at `path`."""
    content: dict = {"examples": "- 一\n"}
    if intent:
        content["intent"] = intent
    if situations:
        content["metadata"] = {"situations": list(situations)}
    return pathlib.PurePath(path), content


@pytest.fixture(scope="module")
def domain() -> dict:
    """The project's own domain."""
    return dict(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def names() -> list[str]:
    """The names of the project's own actions."""
    return action_names(ROOT / "actions")


def test_the_project_s_own_data_are_consistent(facts, domain, names, training_set):
    blocks = list(read_blocks(ROOT / "data" / "nlu"))
    counts = collections.Counter(situation for example in training_set.examples for situation in example.situations)
    assert check_labels(blocks, facts) == []
    assert check_places(blocks, facts) == []
    assert check_situation_counts(counts, facts) == []
    assert check_domain(domain, facts, names) == []
    assert set(counts) == set(facts.situations)


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ({"situations": ["fake_shiping"]}, "there is no situation «fake_shiping»"),
        ({"situations": ["injury"]}, "injury is a situation of report_injury"),
        ({"situations": "fake_shipping"}, "metadata must be"),
        ({"situation": ["fake_shipping"]}, "metadata must be"),
        ({"situations": ["fake_shipping"], "sentiment": "sad"}, "metadata must be"),
        ("fake_shipping", "metadata must be"),
    ],
)
def test_a_wrong_label_is_named_with_its_file(facts, labels, reason):
    path, content = block("reports/fake_shipping.yml", "report_not_shipped")
    (problem,) = check_labels([(path, {**content, "metadata": labels})], facts)
    assert problem.startswith("data/nlu/reports/fake_shipping.yml: ")
    assert reason in problem


def test_a_situation_needs_its_examples(facts):
    enough = dict.fromkeys(facts.situations, MINIMUM_OF_SITUATION)
    assert check_situation_counts(enough, facts) == []
    assert check_situation_counts({**enough, "injury": MINIMUM_OF_SITUATION - 1}, facts) == [
        "data/nlu/reports/injury.yml: 19 examples, needs 20"
    ]
    assert len(check_situation_counts({}, facts)) == len(facts.situations)


def test_a_story_begins_with_the_situation_of_its_file_and_may_go_on_with_others(facts):
    story = block("stories/fake_shipping.yml", "report_not_shipped", "fake_shipping", "injury")
    assert check_labels([story], facts) == check_places([story], facts) == []
    turned = block("stories/fake_shipping.yml", "report_not_shipped", "injury", "fake_shipping")
    assert check_places([turned], facts)
    assert check_labels([turned], facts)


def test_an_unknown_label_of_news_or_danger_is_named(facts):
    path, content = block("stories/injury.yml", "report_injury", "injury")
    content["metadata"].update(news=["contacted"], danger=["boredom"])
    assert check_labels([(path, content)], facts) == [
        "data/nlu/stories/injury.yml: there is no label «boredom» among danger"
    ]


@pytest.mark.parametrize(
    "lies",
    [
        block("reports/fake_shipping.yml", "report_not_shipped", "fake_shipping"),
        block("questions/ask_email.yml", "ask_email"),
        block("questions/verify_contact.yml", "verify_contact"),
        block("case/ask_deadline.yml", "ask_deadline"),
        block("case/affirm.yml", "affirm"),
        block("talk/report_wrong_fact.yml", "report_wrong_fact"),
        block("out_of_scope/weather.yml", "out_of_scope"),
        block("entities.yml", "inform"),
        block("entities.yml", None),
    ],
)
def test_a_file_at_its_place(facts, lies):
    assert check_places([lies], facts) == []


@pytest.mark.parametrize(
    ("lies", "reason"),
    [
        (block("reports/injury.yml", "report_not_shipped", "fake_shipping"), "belongs in reports/not_shipped.yml or"),
        (block("old/reports/injury.yml", "report_injury", "injury"), "belongs in reports/injury.yml"),
        (block("reports/fake_shipping.yml", "report_not_shipped"), "metadata must be «situations: [fake_shipping]»"),
        (block("reports/fake_shipping.yml", "report_not_shipped", "not_shipped"), "[fake_shipping]»"),
        (block("questions/ask_phone.yml", "ask_email"), "ask_email belongs in questions/ask_email.yml"),
        (block("case/ask_email.yml", "ask_email"), "ask_email belongs in questions/ask_email.yml"),
        (block("questions/ask_deadline.yml", "ask_deadline"), "ask_deadline belongs in case/ask_deadline.yml"),
        (block("talk/weather.yml", "out_of_scope"), "out_of_scope belongs in out_of_scope/*.yml"),
        (block("talk.yml", "greet"), "greet belongs in case/greet.yml or talk/greet.yml"),
        (block("case/inform.yml", None), "belong in entities.yml"),
    ],
)
def test_a_file_at_another_place_is_named(facts, lies, reason):
    (problem,) = check_places([lies], facts)
    assert problem.startswith(f"data/nlu/{lies[0]}: ")
    assert reason in problem


def test_an_intent_in_two_files_is_named(facts):
    assert check_places([block("case/skip.yml", "skip"), block("talk/skip.yml", "skip")], facts) == [
        "data/nlu: skip lies in case/skip.yml, talk/skip.yml, it needs one file"
    ]


def test_the_domain_lists_what_there_is(facts, domain, names):
    broken = copy.deepcopy(domain)
    broken["intents"].remove({"report_injury": {"use_entities": []}})
    broken["intents"] += [{"report_boredom": {"use_entities": []}}, "ask_the_stars"]
    broken["intents"].remove({"ask_email": {"use_entities": []}})
    broken["intents"].remove({"verify_contact": {"use_entities": []}})
    broken["slots"]["asked_rung"]["values"].remove("court")
    broken["slots"]["asked_rung"]["values"].append("duel")
    broken["actions"].remove("action_forget_me")
    broken["actions"].append("action_sing")
    assert check_domain(broken, facts, names) == [
        "domain.yml, report_ intents: report_boredom is not in situations.yml",
        "domain.yml, report_ intents: report_injury is missing, it is in situations.yml",
        "domain.yml, ask_ intents: ask_the_stars is not in topics.yml",
        "domain.yml, ask_ intents: ask_email is missing, it is in topics.yml",
        "domain.yml, ask_ intents: verify_contact is missing, it is in topics.yml",
        "domain.yml, values of asked_rung: duel is not in ladder.yml, with a question",
        "domain.yml, values of asked_rung: court is missing, it is in ladder.yml, with a question",
        "domain.yml, actions: action_sing is not in actions/",
        "domain.yml, actions: action_forget_me is missing, it is in actions/",
    ]


def test_actions_are_found_by_the_constant_with_their_name(tmp_path):
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "sing.py").write_text(
        "class Base:\n    NAME = ''\nclass Sing(Base):\n    NAME = 'action_sing'\nNAME = 'action_nothing'\n",
        encoding="utf-8",
    )
    assert action_names(tmp_path) == ["action_sing"]


def test_labels_are_read_with_the_examples(tmp_path):
    (tmp_path / "reports").mkdir()
    file = tmp_path / "reports" / "injury.yml"
    file.write_text(
        'version: "3.1"\nnlu:\n- intent: report_injury\n  metadata:\n    situations: [injury]\n'
        "  examples: |\n    - 烫伤了\n- intent: greet\n  examples: |\n    - 你好\n",
        encoding="utf-8",
    )
    assert [(path.as_posix(), situations_of(entry)) for path, entry in read_blocks(tmp_path)] == [
        ("reports/injury.yml", ("injury",)),
        ("reports/injury.yml", ()),
    ]
    data = read_training_set(tmp_path)
    assert [(example.text, example.situations) for example in data.examples] == [("烫伤了", ("injury",)), ("你好", ())]
    data.write(range(2), tmp_path / "again.yml")
    file.unlink()
    assert set(read_training_set(tmp_path).examples) == set(data.examples)
