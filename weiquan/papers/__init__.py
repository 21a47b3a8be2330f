"""Papers written from a case, as text and .docx, the calendar of its limits, and the links to both.

Nothing is stored. How a paper is shown in the chat is `replies`.
"""
