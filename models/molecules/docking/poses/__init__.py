"""Poses: what holds them, and how they are shown."""
