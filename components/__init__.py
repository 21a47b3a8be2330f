"""Rasa graph components of Weiquan.

Importing the package registers the spaCy callback with which the saved spaCy
pipeline loads the jieba user dictionary (see `components.spacy_pipeline`).
"""

from components import spacy_pipeline

__all__ = ["spacy_pipeline"]
