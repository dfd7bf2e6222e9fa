"""What a request for a property model says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.molecules.properties.intake.targets import Task
from models.molecules.properties.learners.ensemble import Algorithm

SplitMethod = Literal["random", "scaffold", "group", "time"]


@dataclass(frozen=True)
class PropertyRequest:
    """The arguments of training a property model.

    Attributes:
        dataset: The table with molecules.
        smiles_column: Where they are; None to find it.
        targets: The columns to learn; none to find them.
        measurement_type: Only rows of this type (IC50, Ki) where a column states types.
        algorithm: Which; auto compares.
        task: What the targets are taken for; None to tell from their values.
        split: How molecules are held out; None lets the columns decide.
        test_dataset: A second table to judge on.
        group_column: Molecules with the same value stay on one side.
        date_column: Orders molecules in time.
        seed: Decides every random choice.
    """

    dataset: str
    smiles_column: str | None = None
    targets: Sequence[str] = ()
    measurement_type: str | None = None
    algorithm: Algorithm = "auto"
    task: Task | None = None
    split: SplitMethod | None = None
    test_dataset: str | None = None
    group_column: str | None = None
    date_column: str | None = None
    seed: int = 0
