"""What each feature adds to the scores of rows, whichever way it was found."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Shares of features in the scores of rows.

    Attributes:
        frame: The explained rows, canonical.
        values: Shares, shape (n, features) or (n, features, classes), in the unit of the score.
        errors: Standard errors of the shares, same shape.
        base: What the shares are counted from, shape (classes...) for all rows.
        scores: Scores of the rows, shape (n,) or (n, classes).
        fit: Of each row, how well the shares alone tell the score nearby (weighted R², at most 1),
            shape (n,) or (n, classes); None where they add up exactly.
    """

    frame: pd.DataFrame
    values: FloatArray
    errors: FloatArray
    base: FloatArray
    scores: FloatArray
    fit: FloatArray | None = None

    @property
    def several(self) -> bool:
        """The score has one number per class."""
        return self.values.ndim == 3
