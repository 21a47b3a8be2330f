"""Custom actions: read the tracker, ask `weiquan`, say the answer."""

from weiquan.facts.interview_questions import interview
from weiquan.facts.knowledge import knowledge
from weiquan.reading import details_told as details
from weiquan.reading import feelings

# Broken facts or words stop the action server when it starts, not at a shopper's question.
knowledge()
interview()
details.warm_up()
feelings.warm_up()
