"""What Rasa's dialogue engine is given: the policy for failed actions, the text generator, the tracker store."""
