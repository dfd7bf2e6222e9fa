"""What no model of a table is for."""

NOT_FOR = (
    "Decisions about a person without a clinician: it was never validated outside its own data.",
    "Populations, devices or times that differ from the training data.",
    "Causal claims: a feature that predicts need not cause.",
)
