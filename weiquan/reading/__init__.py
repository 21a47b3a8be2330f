"""What a message says: troubles, steps taken, details, contacts, scams, feelings, danger, requests.

Pure readers. What follows for the case is `dialogue`; nothing here changes a case or writes a text.
"""
