"""How segmenters learn and outline: grid, patches, networks."""
