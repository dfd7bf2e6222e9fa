"""Relations between chemicals and proteins, stated in a sentence."""
