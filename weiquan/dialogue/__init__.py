"""What a message does to a case: a report, an answer, a correction, news, a tick.

Returns cases. Reading words alone is `reading`, advice is `advice`, the reply is `replies`.
"""
