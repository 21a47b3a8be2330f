"""Custom actions: read the tracker, ask `weiquan`, say the answer."""

from weiquan.facts.interview_questions import interview
from weiquan.facts.knowledge import knowledge
from weiquan.reading import feelings
from weiquan.reading.event_words import event_words

# Broken facts or words stop the action server when it starts, not at a shopper's question.
knowledge()
interview()
event_words()
feelings.warm_up()
