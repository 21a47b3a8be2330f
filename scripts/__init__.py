"""How the project is set up, checked and run. Not imported by the bot."""
