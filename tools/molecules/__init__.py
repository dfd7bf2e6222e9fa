"""Tools on molecules."""
