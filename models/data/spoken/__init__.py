"""Patients described in words, matched to a model's features."""
