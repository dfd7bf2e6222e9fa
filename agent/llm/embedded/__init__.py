"""The planner that needs no language model: sentence embeddings, a grammar and typed schemas."""
