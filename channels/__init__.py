"""Rasa input channels of Weiquan."""
