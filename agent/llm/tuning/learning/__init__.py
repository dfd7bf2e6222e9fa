"""Dialogues as tokens, and training on them."""
