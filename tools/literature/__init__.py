"""Tools on medical literature."""
