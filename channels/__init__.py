"""Rasa input channels of Weiquan, a package each; `messages` is what they share.

Each package offers its channel's class by its own name, for credentials.yml.
"""
