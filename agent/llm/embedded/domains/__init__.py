"""What each domain adds to the understanding of requests."""
