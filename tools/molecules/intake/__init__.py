"""Molecules, generators and objectives that a call means."""
