"""Everything between a file and a design matrix."""
