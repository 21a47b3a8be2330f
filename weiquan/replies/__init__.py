"""What the bot says: bubbles of text with quick replies and cards, one module a kind of answer.

Facts come from `facts` by id, advice from `advice`. Nothing here decides what a message means.
"""
