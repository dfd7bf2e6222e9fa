"""Classifiers on tables."""
