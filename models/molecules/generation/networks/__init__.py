"""Networks that write molecules."""
