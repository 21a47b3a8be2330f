"""Custom actions: read the tracker, ask `weiquan`, say the answer."""

from weiquan import feelings
from weiquan.knowledge import knowledge

# Broken facts stop the action server when it starts, not at a shopper's question.
knowledge()
feelings.warm_up()
