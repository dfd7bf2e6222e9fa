"""Models of tables: classification, regression, survival, and what they share."""
