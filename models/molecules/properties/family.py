"""Registers models of molecular properties with the model store."""

from pathlib import Path

from models.molecules.properties.fitted import FittedPropertyModel

KIND = "property_model"
PREFIX = "prop"


def load(folder: Path) -> FittedPropertyModel:
    """Reads a kept model."""
    return FittedPropertyModel.load(folder)
