"""Custom actions: read the tracker, ask `weiquan`, say the answer."""

from weiquan.facts.interview_questions import interview
from weiquan.facts.knowledge import knowledge
from weiquan.reading import detail_finder, feelings

# Broken facts or words stop the action server when it starts, not at a shopper's question.
knowledge()
interview()
detail_finder.warm_up()
feelings.warm_up()
