"""What is kept, and how: workspace, runs, models, cards, weights."""
