"""Reading, search, mining and verdicts."""
