"""Small molecules: read, named, described, filtered and drawn."""
