"""Parts of Rasa's dialogue engine: the policy for failed actions, the text generator, the tracker store."""
