"""Tools on tables."""
