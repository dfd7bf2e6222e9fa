"""Readers of table and molecule files: bytes in, a frame and what was guessed out."""
