"""The web chat at /chat: docs/chat-channel.md."""

from channels.chat.channel import ChatInput

__all__ = ["ChatInput"]
