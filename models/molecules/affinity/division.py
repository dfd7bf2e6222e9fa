"""Pairs to train on and pairs held out: by pair, by molecule, by protein, or by both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.data.splits import TEST_FRACTION, split_indices
from models.data.tables import Dataset, load_dataset, require_columns
from models.errors import FieldFault, ToolError
from models.molecules.affinity.columns import Columns, find_columns
from models.molecules.affinity.pairs import Pairs, read_pairs
from models.store.workspace import Workspace

Split = Literal["random", "cold_drug", "cold_protein", "cold_both"]
LEAST_PAIRS = 100
FEW_OF_A_KIND = 10
_SAID = {
    "cold_drug": "molecules that are new", "cold_protein": "proteins that are new",
    "cold_both": "molecules and proteins that are both new",
}  # fmt: skip


@dataclass(frozen=True)
class AffinityRequest:
    """What to learn from what; None and 0 are the defaults."""

    dataset: str
    smiles_column: str | None = None
    protein_column: str | None = None
    affinity_column: str | None = None
    sequences: str | None = None
    unit: str = "auto"
    split: Split | None = None
    test_dataset: str | None = None
    seed: int = 0


@dataclass(frozen=True)
class Division:
    """What a model is trained on and judged on.

    Attributes:
        dataset: What was loaded.
        columns: Where it holds what.
        train: Training pairs.
        test: Held-out pairs.
        split: Sizes and method.
        notes: What was done to the data.
        warnings: What the person should look at.
    """

    dataset: Dataset
    columns: Columns
    train: Pairs
    test: Pairs
    split: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def divide(request: AffinityRequest, workspace: Workspace) -> Division:
    """Takes a request through the door.

    Raises:
        ToolError: Columns or pairs are not fit to train on.
    """
    dataset = load_dataset(request.dataset, workspace)
    columns = find_columns(
        dataset, request.smiles_column, request.protein_column, request.affinity_column,
        request.unit,
    )  # fmt: skip
    pairs = read_pairs(dataset, columns, request.sequences, workspace)
    notes = [*dataset.notes, *pairs.notes]
    if len(pairs) < LEAST_PAIRS:
        wrong = FieldFault(
            field="dataset", got=f"{len(pairs)} pairs", expected=f"at least {LEAST_PAIRS}"
        )
        raise ToolError("There are too few pairs to learn from.", wrong, kind="refused_data")
    if request.test_dataset:
        train, test, method = _published(request, columns, pairs, workspace, notes)
    else:
        first, second, words = _sides(dataset.frame, pairs, request.split, request.seed)
        train, test, method = pairs.take(first), pairs.take(second), {"method": words}
    if np.ptp(train.value) == 0:
        wrong = FieldFault(field="affinity_column", got="one value", expected="values that differ")
        raise ToolError("All training affinities are the same.", wrong, kind="refused_data")
    split = method | {"train": len(train), "test": len(test)}
    return Division(dataset, columns, train, test, split, notes, _warnings(train, test))


def _published(
    request: AffinityRequest, columns: Columns, pairs: Pairs, workspace: Workspace, notes: list[str]
) -> tuple[Pairs, Pairs, dict[str, Any]]:
    assert request.test_dataset  # noqa: S101  # the caller asked for it
    other = load_dataset(request.test_dataset, workspace, "test_dataset")
    require_columns(other, {"test_dataset": [columns.smiles, columns.protein, columns.value]})
    test = read_pairs(other, columns, request.sequences, workspace)
    notes += [f"test_dataset: {note}" for note in (*other.notes, *test.notes)]
    held_out = {(test.keys[m], test.proteins[p]) for m, p in _each(test)}
    kept = [n for n, (m, p) in enumerate(_each(pairs))
            if (pairs.keys[m], pairs.proteins[p]) not in held_out]  # fmt: skip
    if not kept:
        wrong = FieldFault(field="test_dataset", got="the training pairs", expected="other pairs")
        message = "Every training pair is also held out; there is nothing to train on."
        raise ToolError(message, wrong, kind="refused_data")
    if len(kept) < len(pairs):
        notes.append(f"{len(pairs) - len(kept)} training pairs that are also held out left out")
    method = {"method": f"test_dataset {request.test_dataset}", "test_sha256": other.sha256}
    return pairs.take(np.array(kept, dtype=np.intp)), test, method


def _each(pairs: Pairs) -> Sequence[tuple[int, int]]:
    return list(zip(pairs.molecule.tolist(), pairs.protein.tolist(), strict=True))


def _sides(
    frame: pd.DataFrame, pairs: Pairs, split: Split | None, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], str]:
    """Returns positions of training and held-out pairs, and how they were chosen."""
    kinds = {
        "molecule": pairs.molecule.astype(str),
        # Mutants and isoforms that were given one sequence are one protein.
        "protein": np.array([pairs.sequences[p] or pairs.proteins[p] for p in pairs.protein]),
    }
    rows = frame.iloc[pairs.row].reset_index(drop=True)
    if split is None or split == "random":
        made = split_indices(rows, method=split, seed=seed)
        return made.train, made.test, made.method
    named = pd.DataFrame(kinds)
    if split == "cold_both":
        fraction = float(np.sqrt(TEST_FRACTION))
        molecule, protein = (
            split_indices(named, method="group", group_column=kind, test_fraction=fraction,
                          seed=seed)
            for kind in kinds
        )  # fmt: skip
        train = np.intersect1d(molecule.train, protein.train)
        test = np.intersect1d(molecule.test, protein.test)
    else:
        kind = "molecule" if split == "cold_drug" else "protein"
        made = split_indices(named, method="group", group_column=kind, seed=seed)
        train, test = made.train, made.test
    return train, test, _SAID[split]


def _warnings(train: Pairs, test: Pairs) -> list[str]:
    found = []
    for what, names in (("molecules", train.smiles), ("proteins", train.proteins)):
        if len(names) < FEW_OF_A_KIND:
            found.append(f"only {len(names)} {what} to learn from: new {what} are guesswork")
    if len(test) < 50:
        found.append(f"only {len(test)} held-out pairs: the metrics are uncertain")
    return found
