"""Rasa graph components of Weiquan.

`nlu` reads a message, `core` decides, words and remembers. Neither imports the
other; what both need (`open_case`) stands here.
"""
