"""What classifiers and regressors on tables share."""
