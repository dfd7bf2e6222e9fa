"""Molecules with their values at the door, and how they are divided."""
