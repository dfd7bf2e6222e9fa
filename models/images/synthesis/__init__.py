"""Images that a model makes up, judged beside real ones: how alike, how varied, copied or not."""
