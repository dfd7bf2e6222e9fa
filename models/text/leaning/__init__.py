"""How a study leans on a yes/no question, read from its abstract by cues; no language model."""
