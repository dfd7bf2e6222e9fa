"""The survival algorithms."""
