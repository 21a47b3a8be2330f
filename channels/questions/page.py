"""The page that lists every question with its answer, by topic; `?q=` leaves those that hold the words."""

from __future__ import annotations

import datetime
import functools
from typing import Any, Dict, List, Tuple

import jinja2

from weiquan.advice.advice import Advice
from weiquan.case.case import Case
from weiquan.facts.answers import Answer, Topic
from weiquan.facts.knowledge import Knowledge
from weiquan.language.normalisation import normalise
from weiquan.replies.topics import answer_text

LONGEST_SEARCH = 40
"""Characters of a search that are read."""

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>能问什么 · 维权向导</title>
<style>
:root { color-scheme: light dark; }
body { font: 1.05rem/1.7 system-ui, sans-serif; max-width: 42rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
form { display: flex; gap: .5rem; }
input, button { font: inherit; padding: .5rem .7rem; border: 1px solid #888; border-radius: .5rem; }
input { flex: 1; min-width: 0; }
details { border-bottom: 1px solid #8884; padding: .5rem 0; }
summary { cursor: pointer; min-height: 1.8rem; }
details p { margin: .4rem 0; white-space: pre-line; }
.note { color: GrayText; font-size: .9rem; }
</style>
</head>
<body>
<h1>能问什么</h1>
<form role="search" action="" method="get">
<input type="search" name="q" value="{{ wanted }}" maxlength="{{ longest }}" aria-label="找问题"
 placeholder="比如：运费、发票、起诉">
<button type="submit">找</button>
</form>
{% if wanted %}<p role="status">{% if count %}找到 {{ count }} 个问题。{% else %}没有找到「{{ wanted }}」。\
换个短一点的词，或者<a href="?">看全部</a>。{% endif %}</p>{% endif %}
{% for topic, answers in topics %}
<section aria-labelledby="{{ topic.id }}"><h2 id="{{ topic.id }}">{{ topic.label }}</h2>
{% for answer, text in answers %}
<details id="{{ answer.id }}"{% if count <= 3 %} open{% endif %}><summary>{{ answer.title }}</summary><p>{{ text }}</p>\
<p class="note">核对于 {{ answer.checked }}</p></details>
{% endfor %}</section>
{% endfor %}
<p class="note">维权向导是独立的程序，不是拼多多客服，也不是律师。菜单和规则会变，以 App 页面为准。</p>
</body>
</html>
"""


@functools.cache
def _template() -> jinja2.Template:
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(_PAGE)


def page(wanted: str, facts: Knowledge, today: datetime.date) -> str:
    """Return the page as HTML with the questions that hold every word of `wanted`, all of them where it is blank."""
    wanted = wanted.strip()[:LONGEST_SEARCH]
    words = normalise(wanted).lower().split()
    advice = Advice(Case(), facts, today)
    by_topic: Dict[str, List[Tuple[Answer, str]]] = {}
    for answer in facts.answers.values():
        text = answer_text(answer, advice)
        label = facts.topics[answer.topic].label
        if all(word in f"{label} {answer.title} {text}".lower() for word in words):
            by_topic.setdefault(answer.topic, []).append((answer, text))
    topics: List[Tuple[Topic, Any]] = [
        (facts.topics[name], by_topic[name]) for name in facts.topics if name in by_topic
    ]
    count = sum(len(answers) for answers in by_topic.values())
    return str(_template().render(topics=topics, wanted=wanted, count=count, longest=LONGEST_SEARCH))
