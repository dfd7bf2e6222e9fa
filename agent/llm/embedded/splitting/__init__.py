"""Cuts a request into the tasks that it asks for."""
