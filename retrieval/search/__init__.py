"""Ranked passages for a query, and the sentences that answer it."""
