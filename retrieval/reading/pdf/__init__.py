"""Text of PDF files: words with their places, in the order in which people read them."""
