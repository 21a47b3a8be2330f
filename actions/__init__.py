"""Custom actions: read the tracker, ask `weiquan`, say the answer."""

from weiquan import details, feelings
from weiquan.knowledge import knowledge
from weiquan.questionnaire import interview

# Broken facts or words stop the action server when it starts, not at a shopper's question.
knowledge()
interview()
details.warm_up()
feelings.warm_up()
