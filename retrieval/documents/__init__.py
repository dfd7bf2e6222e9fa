"""Documents: what they hold, which are the same, how they are cut and written out."""
