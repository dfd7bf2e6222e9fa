"""Models that read biomedical text."""
