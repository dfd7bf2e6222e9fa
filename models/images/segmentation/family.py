"""Registers segmenters with the model store."""

from pathlib import Path

from models.images.segmentation.fitted import FittedSegmenter

KIND = "image_segmenter"
PREFIX = "seg"


def load(folder: Path) -> FittedSegmenter:
    """Reads a kept segmenter."""
    return FittedSegmenter.load(folder)
