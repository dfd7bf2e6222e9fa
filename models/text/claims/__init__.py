"""What a question claims and what a study finds, and whether the one answers the other."""
