"""Searches over molecular graphs."""
