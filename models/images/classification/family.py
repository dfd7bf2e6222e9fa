"""Registers image classifiers with the model store."""

from pathlib import Path

from models.images.classification.fitted import FittedImageClassifier

KIND = "image_classifier"
PREFIX = "img"


def load(folder: Path) -> FittedImageClassifier:
    """Reads a kept classifier."""
    return FittedImageClassifier.load(folder)
