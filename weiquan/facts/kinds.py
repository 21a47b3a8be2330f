"""Every kind of record in `knowledge/`, with the file and the key where it stands."""

from __future__ import annotations

from typing import Tuple

from weiquan.facts.answers import Answer
from weiquan.facts.compensation import Circumstance, CompensationRule
from weiquan.facts.dangers import Danger
from weiquan.facts.decisions import ClosedDoor, Decision
from weiquan.facts.papers import ClaimSentence, Company, EventSentence, PaperKind, Tone, TroubleSentence, WishSentence
from weiquan.facts.records import (
    Channel,
    Contact,
    Deadline,
    Law,
    NeverDo,
    NotRequired,
    Piece,
    Scam,
    Source,
    Topic,
    WordList,
    WrongNumber,
)
from weiquan.facts.situations import Development, Rung, Situation

RECORD_KINDS: Tuple[Tuple[str, str, type], ...] = (
    ("sources", "sources", Source),
    ("lexicon", "lexicon", WordList),
    ("contacts", "contacts", Contact),
    ("channels", "channels", Channel),
    ("laws", "laws", Law),
    ("deadlines", "deadlines", Deadline),
    ("ladder", "rungs", Rung),
    ("situations", "situations", Situation),
    ("topics", "topics", Topic),
    ("answers/*", "answers", Answer),
    ("dangers", "dangers", Danger),
    ("developments", "developments", Development),
    ("scams", "wrong_numbers", WrongNumber),
    ("scams", "scams", Scam),
    ("scams", "never_do", NeverDo),
    ("evidence", "pieces", Piece),
    ("evidence", "not_required", NotRequired),
    ("compensation", "circumstances", Circumstance),
    ("compensation", "compensation_rules", CompensationRule),
    ("papers", "papers", PaperKind),
    ("papers", "tones", Tone),
    ("papers", "companies", Company),
    ("papers", "event_sentences", EventSentence),
    ("papers", "trouble_sentences", TroubleSentence),
    ("papers", "wish_sentences", WishSentence),
    ("papers", "claim_sentences", ClaimSentence),
    ("decisions", "closed_doors", ClosedDoor),
    ("decisions", "decisions", Decision),
)
"""(file stem, top-level key, record class) of everything in `knowledge/`; `folder/*` are all files of a folder."""

FOUNDATIONS = (
    *("laws", "deadlines", "contacts", "channels", "rungs", "situations", "compensation_rules", "pieces"),
    *("scams", "never_do", "wrong_numbers", "not_required", "developments"),
)
"""The kinds of record on which an answer may stand."""
