"""Why a model says what it says, for any family: by shuffling and by sharing out."""
