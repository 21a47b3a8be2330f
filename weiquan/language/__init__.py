"""The words of a message: normalised, cut into clauses, dialect and typing errors put right, secrets masked.

Nothing here knows what a message is about: amounts and dates are `entities`, troubles are `reading`.
"""
