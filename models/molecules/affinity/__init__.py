"""How strongly molecules bind proteins, learnt from measured pairs."""
