"""Registers affinity models with the model store."""

from pathlib import Path

from models.molecules.affinity.fitted import FittedAffinityModel

KIND = "affinity_model"
PREFIX = "aff"


def load(folder: Path) -> FittedAffinityModel:
    """Reads a kept model."""
    return FittedAffinityModel.load(folder)
