"""The agent as a whole: routing, verification, latency, language models."""
