"""Time-to-event models: Cox regression, survival forests, boosting and neural networks."""
