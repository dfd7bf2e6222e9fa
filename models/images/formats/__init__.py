"""Files of images as pictures in memory."""
