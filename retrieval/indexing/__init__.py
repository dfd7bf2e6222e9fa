"""The two indexes of a library, its manifest, and who may touch them."""
