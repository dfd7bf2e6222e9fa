"""Names of chemicals and diseases."""
