"""The training examples: reading, comparing and checking them."""
