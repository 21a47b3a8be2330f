"""Setting up, checking, measuring and running the project; the bot itself imports nothing from here."""
