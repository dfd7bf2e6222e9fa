"""Answers about molecules."""
