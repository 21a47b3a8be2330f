"""The components of the NLU pipeline and their parts.

Importing the package registers the spaCy callback with which the saved spaCy
pipeline loads the jieba user dictionary (see `components.nlu.spacy_pipeline`).
"""

from components.nlu import spacy_pipeline

__all__ = ["spacy_pipeline"]
