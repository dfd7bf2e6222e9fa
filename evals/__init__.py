"""One measurement per file, discovered by name."""
