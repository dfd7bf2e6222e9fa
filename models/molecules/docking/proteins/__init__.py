"""Proteins, and the boxes that are docked into."""
