"""Regressors on tables."""
