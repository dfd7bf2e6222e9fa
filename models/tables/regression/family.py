"""Registers regressors with the model store."""

from pathlib import Path

from models.tables.regression.fitted import FittedRegressor

KIND = "regressor"
PREFIX = "reg"


def load(folder: Path) -> FittedRegressor:
    """Reads a kept regressor."""
    return FittedRegressor.load(folder)
