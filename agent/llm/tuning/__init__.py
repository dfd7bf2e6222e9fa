"""Language models of our own: dialogues made from the tools, and training on them."""
