"""Messages made to keep a reader busy."""
