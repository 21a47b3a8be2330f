"""What follows from a case on a day: next step, limits, claims, checklist, next question.

Pure functions over facts. No message is read here, and no answer is written.
"""
