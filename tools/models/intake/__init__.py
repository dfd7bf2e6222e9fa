"""Which tool takes which model."""
