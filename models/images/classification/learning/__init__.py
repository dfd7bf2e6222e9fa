"""How image classifiers learn: networks, classical models, and both blended."""
