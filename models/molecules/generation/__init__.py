"""Generators of molecules: recurrent language models and autoencoders over SELFIES."""
