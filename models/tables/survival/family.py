"""Registers survival models with the model store."""

from pathlib import Path

from models.tables.survival.fitted import FittedSurvival

KIND = "survival"
PREFIX = "srv"


def load(folder: Path) -> FittedSurvival:
    """Reads a kept survival model."""
    return FittedSurvival.load(folder)
