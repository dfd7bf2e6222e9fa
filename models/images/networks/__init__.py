"""Networks of MONAI, and the tensors that they read."""
