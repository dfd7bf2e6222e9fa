"""Metrics, each with its direction, range and source."""
