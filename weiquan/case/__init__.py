"""The case: what is known of one shopper's trouble, its events, and the cases put away.

Frozen values that slots are made of. How a message changes a case is `dialogue`; what follows from it is `advice`.
"""
