"""Outlining what is looked for in medical images: one label per pixel or voxel."""
