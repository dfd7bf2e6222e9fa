"""Whether a passage speaks of what a question turns on: its words, their synonyms, its sense."""
