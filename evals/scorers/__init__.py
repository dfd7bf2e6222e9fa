"""What is right, by a path of its own, and how answers are compared with it."""
