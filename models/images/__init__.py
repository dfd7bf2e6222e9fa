"""Medical images: read and checked at the door, classified, outlined, explained, synthesised."""
