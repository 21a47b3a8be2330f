"""Fine-tuning of the sentence encoder on the project's own examples (`make adapter`, not part of `make train`).

What is learned is kept as a small file in data/encoder, which `scripts.encoder` adds to the encoder's weights.
"""
