"""Documents in, ranked passages with provenance out."""
