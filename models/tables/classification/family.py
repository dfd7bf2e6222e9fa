"""Registers classifiers with the model store."""

from pathlib import Path

from models.tables.classification.fitted import FittedClassifier

KIND = "classifier"
PREFIX = "clf"


def load(folder: Path) -> FittedClassifier:
    """Reads a kept classifier."""
    return FittedClassifier.load(folder)
