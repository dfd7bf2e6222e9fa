"""Requests on images: what speaks for them, what they name, what follows on them."""
