"""One typed tool per file, discovered by name."""
