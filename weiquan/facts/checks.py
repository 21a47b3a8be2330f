"""What must hold between the records of `knowledge/`: references, completeness, no contradictions."""

from __future__ import annotations

import datetime
from typing import Any, Dict

from weiquan.case.events import EVENTS, NEWS, SUMS
from weiquan.facts.answers import unfounded_figures
from weiquan.facts.dangers import contacts_named, numbers_named
from weiquan.facts.papers import paper_problems
from weiquan.facts.quick_replies import button_problems
from weiquan.facts.record_reader import FOUNDATIONS, RECORD_KINDS, RecordReader
from weiquan.facts.records import Fact
from weiquan.facts.situations import (
    PLATFORM_AGREED,
    SELLER_AGREED,
    Rung,
    Situation,
    platform_problems,
    situation_problems,
)
from weiquan.language.entities.wishes import remedy_ids
from weiquan.language.phrases import parse


def check_references(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Report every id that is named somewhere and defined nowhere."""

    def need(kind: str, record_id: str, target: str, ids: Any) -> None:
        for other_id in ids:
            if other_id and other_id not in known[target]:
                reader.blame(kind, record_id, f"引用了不存在的 {target}「{other_id}」")

    for _, kind, _ in RECORD_KINDS:
        for record in known[kind].values():
            if isinstance(record, Fact):
                need(kind, record.id, "sources", record.source)
    for deadline in known["deadlines"].values():
        need("deadlines", deadline.id, "laws", [deadline.law])
        need("deadlines", deadline.id, "deadlines", [deadline.replaces])
        general = known["deadlines"].get(deadline.replaces)
        if general and general.replaces:
            reader.blame("deadlines", deadline.id, f"的 replaces「{general.id}」也代替别的，要写一般的那条")
        need("deadlines", deadline.id, "situations", deadline.not_in)
    for topic in known["topics"].values():
        need("topics", topic.id, "deadlines", topic.limits)
        need("topics", topic.id, "contacts", topic.contacts)
    for rung in known["rungs"].values():
        for news in {*rung.done_by, *rung.failed_by} - NEWS:
            reader.blame("rungs", rung.id, f"引用了不存在的 news「{news}」")
        need("rungs", rung.id, "channels", [rung.channel])
        need("rungs", rung.id, "contacts", rung.contacts)
        need("rungs", rung.id, "deadlines", [*rung.deadlines, rung.answer_within])
    for situation in known["situations"].values():
        for target, ids in (
            ("laws", situation.laws),
            ("deadlines", situation.deadlines),
            ("contacts", situation.contacts),
            ("rungs", (*situation.ladder, *situation.fails, *situation.fails_if_taken)),
            ("not_required", situation.evidence_note_says),
        ):
            need("situations", situation.id, target, ids)
        variants = {variant.id for variant in situation.variants}
        if situation.default_variant and situation.default_variant not in variants:
            reader.blame("situations", situation.id, f"的 default_variant「{situation.default_variant}」不存在")
        for variant in situation.variants:
            need("situations", situation.id, "rungs", variant.ladder)
            need("situations", situation.id, "deadlines", variant.deadlines or ())
    situations = known["situations"].values()
    troubles = {*known["situations"], *(variant.id for situation in situations for variant in situation.variants)}
    titles = {law.law for law in known["laws"].values()}
    for paper in known["papers"].values():
        need("papers", paper.id, "rungs", paper.rungs)
        need("papers", paper.id, "laws", [*paper.laws, *paper.leaves_out])
        need("papers", paper.id, "event_sentences", [paper.own_event, *paper.keeps_back])
        for title in set(paper.cites) - titles:
            reader.blame("papers", paper.id, f"的 cites「{title}」不是 laws.yml 里任何一条的 law")
    for company in known["companies"].values():
        need("companies", company.id, "laws", company.laws)
    for trouble in known["trouble_sentences"].values():
        need("trouble_sentences", trouble.id, "event_sentences", [trouble.same_as])
    for claim in known["claim_sentences"]:
        need("claim_sentences", claim, "compensation_rules", [claim])
    for kind, ids in (
        ("trouble_sentences", {trouble: [trouble] for trouble in known["trouble_sentences"]}),
        ("companies", {company.id: company.troubles for company in known["companies"].values()}),
    ):
        for record_id, names in ids.items():
            for name in set(names) - troubles:
                reader.blame(kind, record_id, f"引用了不存在的情况「{name}」")
    for kind in ("rungs", "situations", "topics"):
        for record in known[kind].values():
            for contact in record.contacts:
                if contact in known["contacts"] and not known["contacts"][contact].offered:
                    reader.blame(kind, record.id, f"不能推荐「{contact}」（offered: false）")


def check_days(reader: RecordReader, known: Dict[str, Dict[str, Any]], today: datetime.date) -> None:
    """Nobody has looked at a source after `today`; where most facts say so, it is the machine's clock that is slow."""
    kinds = [kind for _, kind, _ in RECORD_KINDS]
    facts = [(kind, record) for kind in kinds for record in known[kind].values() if isinstance(record, Fact)]
    ahead = [(kind, record) for kind, record in facts if record.checked > today]
    if 2 * len(ahead) <= len(facts):
        for kind, record in ahead:
            reader.blame(kind, record.id, f"的 checked：{record.checked} 还没到，今天是 {today}")


def check_answers(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """An answer names topics, facts, limits and answers that exist; its numbers and articles stand in its facts."""
    titles: Dict[str, str] = {}
    texts: Dict[str, str] = {}
    for answer in known["answers"].values():
        for what, ids in (("topics", [answer.topic]), ("deadlines", answer.limits), ("answers", answer.related)):
            for other_id in set(ids) - set(known[what]):
                reader.blame("answers", answer.id, f"引用了不存在的 {what}「{other_id}」")
        cited = {name: _in_full(name, known, texts) for name in answer.facts}
        for name in [name for name, text in cited.items() if text == "[]"]:
            reader.blame("answers", answer.id, f"引用了不存在的 facts「{name}」")
        for contact in (contacts_named(answer.text) | answer.hours_named) - set(known["contacts"]):
            reader.blame("answers", answer.id, f"引用了不存在的 contacts「{contact}」")
        for contact in answer.hours_named & set(known["contacts"]):
            if known["contacts"][contact].hours is None:
                reader.blame("answers", answer.id, f"写了 {{{contact}.hours}}，可是「{contact}」没有 hours")
        for figure in unfounded_figures(answer, cited):
            reader.blame("answers", answer.id, f"里的「{figure}」在它引用的 facts 里找不到")
        if answer.title in titles:
            reader.blame("answers", answer.id, f"和「{titles[answer.title]}」的 title 一样")
        titles[answer.title] = answer.id


def _in_full(name: str, known: Dict[str, Dict[str, Any]], texts: Dict[str, str]) -> str:
    """Return all that the records of the id `name` say, "[]" for none; `texts` keeps what was written before."""
    if name not in texts:
        texts[name] = str([known[kind][name].dict() for kind in FOUNDATIONS if name in known[kind]])
    return texts[name]


def check_buttons(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Every place has quick replies, they stand for what exists, and no two of one place say the same."""
    for button_id, reason in button_problems(known):
        if button_id:
            reader.blame("buttons", button_id, reason)
        else:
            reader.problems.append(f"buttons.yml:1: {reason}")


def check_compensation(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Rules name laws, circumstances and situations that exist, and every circumstance decides something."""
    places = set(known["situations"])
    for situation in known["situations"].values():
        places.update(f"{situation.id}.{variant.id}" for variant in situation.variants)

    def need(kind: str, record_id: str, what: str, ids: Any, defined: Any) -> None:
        for other_id in ids:
            if other_id not in defined:
                reader.blame(kind, record_id, f"引用了不存在的 {what}「{other_id}」")

    used = set()
    for rule in known["compensation_rules"].values():
        used.update(rule.circumstances())
        need("compensation_rules", rule.id, "laws", rule.laws, known["laws"])
        need("compensation_rules", rule.id, "circumstances", rule.circumstances(), known["circumstances"])
        need("compensation_rules", rule.id, "situations", (*rule.situations, *rule.not_for), places)
    for circumstance in known["circumstances"].values():
        need(
            "circumstances", circumstance.id, "situations", (*circumstance.told_by, *circumstance.not_asked_in), places
        )
        if circumstance.id not in used:
            place = reader.lines["circumstances", circumstance.id]
            reader.problems.append(f"{place}: 没有规则用到 circumstance「{circumstance.id}」")


def check_dangers(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Dangers name contacts that may be offered, just those that their words hold, and cases that exist."""
    for danger in known["dangers"].values():
        for contact in danger.contacts:
            if contact not in known["contacts"] or not known["contacts"][contact].offered:
                reader.blame("dangers", danger.id, f"不能推荐「{contact}」")
        if numbers_named(danger) != set(danger.contacts):
            reader.blame("dangers", danger.id, "的 contacts 要正好是文字里 {…} 的那些")
        for rung in set(danger.settles) - set(known["rungs"]):
            reader.blame("dangers", danger.id, f"引用了不存在的 rungs「{rung}」")
        for case in danger.cases:
            situation = known["situations"].get(case.situation)
            if situation is None:
                reader.blame("dangers", danger.id, f"引用了不存在的 situations「{case.situation}」")
            elif case.variant and case.variant not in {variant.id for variant in situation.variants}:
                reader.blame("dangers", danger.id, f"的「{case.situation}」没有特殊情形「{case.variant}」")


def check_developments(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Developments are news of the reader, and rest on laws that exist."""
    for development in known["developments"].values():
        if development.id not in NEWS and not (development.id in EVENTS and development.phrases):
            reader.blame("developments", development.id, "不是一种 news，也不是有 phrases 的事件")
        for names, some in ((EVENTS, {development.while_told, development.day_of}), (SUMS, {development.sum})):
            for name in some - {None, *names}:
                reader.blame("developments", development.id, f"没有叫「{name}」的事件或金额")
        if development.rung not in {None, *known["rungs"]}:
            reader.blame("developments", development.id, f"没有叫「{development.rung}」的一级")
        for answer in development.answers:
            if answer.event not in {None, *EVENTS, *NEWS}:
                reader.blame("developments", development.id, f"没有叫「{answer.event}」的事件")
        for law in {development.law, development.law_at_fault} - {None}:
            if law not in known["laws"]:
                reader.blame("developments", development.id, f"引用了不存在的 laws「{law}」")


def check_evidence(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Every text that asks for evidence is the name of a piece, and notes and pieces name what exists."""
    named = {name for piece in known["pieces"].values() for name in piece.names}
    for kind in ("situations", "rungs"):
        for record in known[kind].values():
            texts = list(record.evidence)
            if isinstance(record, Situation):
                texts += [text for variant in record.variants for text in variant.evidence or ()]
            for text in texts:
                if text not in named:
                    reader.blame(kind, record.id, f"的证据「{text}」在 evidence.yml 里没有条目")
    for piece in known["pieces"].values():
        if piece.channel and piece.channel not in known["channels"]:
            reader.blame("pieces", piece.id, f"引用了不存在的「{piece.channel}」")
    for note in known["not_required"].values():
        for piece in set(note.pieces) - set(known["pieces"]):
            reader.blame("not_required", note.id, f"引用了不存在的「{piece}」")


def check_rungs(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """No two rungs are one event, a usual ladder exists, an agreement has its place, harm done is a special case."""
    rungs: Dict[str, Rung] = known["rungs"]
    taken: Dict[str, str] = {}
    for rung in rungs.values():
        if rung.event and taken.setdefault(rung.event, rung.id) != rung.id:
            reader.blame("rungs", rung.id, f"的 event「{rung.event}」已经是 {taken[rung.event]} 的")
        for answer in rung.harm_done:
            situation = known["situations"].get(answer.situation)
            if situation is None or answer.variant not in {variant.id for variant in situation.variants}:
                reader.blame("rungs", rung.id, f"的 harm_done：没有情况「{answer.situation}.{answer.variant}」")
            elif answer.tells != situation.intent:
                reader.blame("rungs", rung.id, f"的 harm_done：{answer.situation} 的意图是 {situation.intent}")
    if not any(rung.usual for rung in rungs.values()):
        reader.problems.append("ladder.yml:1: 至少一步要写 usual: true，不知道情况时走这几步")
    for outcome in (SELLER_AGREED, PLATFORM_AGREED):
        if not any(outcome in {answer.tells for answer in rung.outcomes} for rung in rungs.values()):
            reader.problems.append(f"ladder.yml:1: 没有一步的 outcomes 写了 {outcome}，对方同意了不知道算哪一步")


def check_platforms(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Report what `platform_problems` finds."""
    for kind, record_id, reason in platform_problems(known):
        reader.blame(kind, record_id, reason)


def check_situations(reader: RecordReader, situations: Dict[str, Situation]) -> None:
    """Report what `situation_problems` finds."""
    reader.problems += [f"situations.yml:1: {reason}" for reason in situation_problems(situations)]


def check_phrases(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Every phrase has words in each group, and names only lists that exist."""
    lexicon = {word_list.id: word_list.words for word_list in known["lexicon"].values()}
    for kind, fields in (
        ("scams", ("phrases",)),
        ("pieces", ("phrases",)),
        ("papers", ("phrases",)),
        ("tones", ("phrases",)),
        ("rungs", ("done_phrases", "failed_phrases", "denied_phrases")),
        ("circumstances", ("yes_phrases", "no_phrases")),
    ):
        for record in known[kind].values():
            for phrase in (phrase for field in fields for phrase in getattr(record, field)):
                try:
                    parse(phrase, lexicon)
                except ValueError as error:
                    reader.blame(kind, record.id, f"的说法「{phrase}」写错了（{error}）")


def check_papers(reader: RecordReader, known: Dict[str, Dict[str, Any]]) -> None:
    """Sentences have only fillings that the writer knows, and papers hold what they must."""
    for kind, record_id, reason in paper_problems(known, remedy_ids()):
        place = f"{reader.lines[kind, record_id]}: {record_id}" if record_id else f"papers.yml:1: {kind}"
        reader.problems.append(f"{place} {reason}")
