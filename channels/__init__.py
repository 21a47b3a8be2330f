"""Rasa input channels of Weiquan, one package for each; they share `messages`.

Each package offers its channel's class by its own name, for credentials.yml.
"""
