"""Downloads of papers and calendars at /papers/<token>: docs/decisions/0009-papers-on-demand.md."""

from channels.papers.channel import PapersInput

__all__ = ["PapersInput"]
