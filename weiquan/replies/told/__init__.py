"""What was told of a case: said back after each message, put right by tap or in words."""
