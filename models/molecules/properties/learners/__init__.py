"""The learners, and the ensemble of them."""
