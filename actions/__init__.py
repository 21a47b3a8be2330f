"""Custom actions: read the tracker, ask `weiquan`, say the answer."""
