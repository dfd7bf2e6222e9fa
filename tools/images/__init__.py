"""Tools on medical images."""
