"""The words of a message: normalised, cut into clauses, dialect and typing errors put right, secrets masked.

Nothing here knows what a message is about: amounts and dates are read in `language.entities`, troubles in `reading`.
"""
