"""Tools that serve every kept model."""
