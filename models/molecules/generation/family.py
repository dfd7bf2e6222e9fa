"""Registers generators of molecules with the model store."""

from pathlib import Path

from models.molecules.generation.fitted import FittedMoleculeGenerator

KIND = "molecule_generator"
PREFIX = "gen"
SHIPPED_FOLDER = Path(__file__).with_name("shipped")
"""The generator that is there at once; its card says what made it."""


def load(folder: Path) -> FittedMoleculeGenerator:
    """Reads a kept generator."""
    return FittedMoleculeGenerator.load(folder)
