"""Fills what designs, dockings and affinities take."""
