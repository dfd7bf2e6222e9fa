"""Classifiers of images: networks of MONAI beside classical models, calibrated and explained."""
