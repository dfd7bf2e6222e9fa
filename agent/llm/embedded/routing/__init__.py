"""What the router learns from, and its weights."""
