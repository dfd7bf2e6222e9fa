"""What survival models are compared on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from models.metrics.follow_up import FollowUp


@dataclass(frozen=True)
class Part:
    """One side-by-side comparison: training and held-out rows with their follow-up."""

    train: "pd.DataFrame"
    train_outcome: "FollowUp"
    test: "pd.DataFrame"
    test_outcome: "FollowUp"
