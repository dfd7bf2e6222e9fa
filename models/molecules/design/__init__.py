"""Molecules designed towards an objective: a genetic search over molecular graphs."""
