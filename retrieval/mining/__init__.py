"""Findings out of many documents: one row each, with the evidence in place."""
