"""What the learners read of a molecule."""
