"""Roles of an abstract's sentences: population, intervention, outcome and so on."""
