"""Requests on molecules: what is wanted of them, what they are docked into, which are meant."""
