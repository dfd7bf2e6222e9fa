"""Readers of single values: numbers, years, choices, columns, patients, topics."""
