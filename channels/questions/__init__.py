"""What can be asked, with the answers, as a page: GET /questions."""

from channels.questions.channel import QuestionsInput

__all__ = ["QuestionsInput"]
