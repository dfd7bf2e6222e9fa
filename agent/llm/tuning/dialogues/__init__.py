"""Dialogues made from the tools and their example requests."""
