"""Texts from templates: facts looked up by id, notes on uncertain ones added, texts fitted to a bubble.

The templates are in `weiquan/templates/`. Which template answers what is decided in `replies` and `papers`.
"""
