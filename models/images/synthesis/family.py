"""Registers generators of images with the model store."""

from pathlib import Path

from models.images.synthesis.fitted import FittedImageGenerator

KIND = "image_generator"
PREFIX = "syn"


def load(folder: Path) -> FittedImageGenerator:
    """Reads a kept generator."""
    return FittedImageGenerator.load(folder)
