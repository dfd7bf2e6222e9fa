"""Everything that is fitted or predicts; knows nothing of agents or prompts."""
