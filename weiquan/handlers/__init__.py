"""What answers a message: each handler takes the messages that are its own, and leaves the others to the next.

Their order is in `weiquan.turn`. What a message says is `reading`, what it does to a case `dialogue`, the words of the
answer `replies`.
"""
