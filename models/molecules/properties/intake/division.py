"""Molecules to train on and molecules held out, none on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.screening import SPLIT_COLUMN
from models.data.splits import TEST_FRACTION, split_indices, strata_of_number
from models.data.tables import Dataset, load_dataset, require_columns
from models.errors import FieldFault, ToolError
from models.fitting.effort import Effort
from models.molecules.properties.intake.door import Measured, measured
from models.molecules.properties.intake.measurements import of_one_type
from models.molecules.properties.intake.request import PropertyRequest
from models.molecules.properties.intake.scaffolds import scaffold_codes, scaffold_parts
from models.molecules.properties.intake.targets import Targets, find_targets
from models.store.workspace import Workspace

LEAST_MOLECULES = 30
LEAST_KNOWN = 15
"""Training values of each target at least."""

WIDE = 1000
"""Times the smallest value, from which a quantity is better learnt as its logarithm."""


@dataclass(frozen=True)
class Division:
    """What a model is trained on and judged on.

    Attributes:
        dataset: What was loaded.
        smiles_column: Where its molecules are.
        targets: What is learnt.
        train: Training molecules.
        test: Held-out molecules.
        groups: Molecules of one group stay in one inner fold, shape (n,); None for random folds.
        split: Sizes and method.
        notes: What was done to the data.
        warnings: What the person should look at.
    """

    dataset: Dataset
    smiles_column: str
    targets: Targets
    train: Measured
    test: Measured
    groups: NDArray[Any] | None
    split: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def divide(request: PropertyRequest, workspace: Workspace, effort: Effort) -> Division:
    """Takes a request through the door.

    Raises:
        ToolError: Columns or molecules are not fit to train on; names every fault.
    """
    dataset, chosen = of_one_type(
        load_dataset(request.dataset, workspace), request.measurement_type
    )
    smiles = find_smiles_column(dataset, request.smiles_column)
    request = _true_names(dataset, request)
    reserved = [name for name in (smiles, request.group_column, request.date_column) if name]
    targets, notes = find_targets(dataset, request.targets, request.task, reserved)
    published = next((c for c in dataset.frame if str(c).casefold() == SPLIT_COLUMN), None)
    together = published if request.split is None and not request.test_dataset else None
    data = measured(dataset.frame, smiles, targets, together, effort)
    notes = [*chosen, *dataset.notes, *notes, *data.notes]
    if len(data) < LEAST_MOLECULES:
        wrong = FieldFault(
            field="dataset", got=f"{len(data)} molecules", expected=f"at least {LEAST_MOLECULES}"
        )
        message = f"{len(data)} molecules with a value are too few to train and test on."
        raise ToolError(message, wrong, kind="refused_data")
    if request.test_dataset:
        other, chosen = of_one_type(
            load_dataset(request.test_dataset, workspace, "test_dataset"), request.measurement_type
        )
        place = find_smiles_column(other, request.smiles_column, "test_dataset")
        require_columns(other, {"test_dataset": targets.columns})
        test = measured(other.frame, place, targets)
        if not len(test):
            raise ToolError("test_dataset has no molecule with a value.", kind="refused_data")
        notes += [f"test_dataset: {note}" for note in (*chosen, *other.notes, *test.notes)]
        method = {"method": f"test_dataset {request.test_dataset}", "test_sha256": other.sha256}
        train = data
    else:
        first, second, words = _sides(data, targets, request)
        train, test, method = data.take(first), data.take(second), {"method": words}
    train = _without(train, test, notes)
    _refuse_unknown(train, test, targets)
    split = method | {"train": len(train), "test": len(test)}
    groups = _inner_groups(train, request)
    return Division(
        dataset, smiles, targets, train, test, groups, split, notes, _warnings(train, test, targets)
    )


def find_smiles_column(dataset: Dataset, asked: str | None, field: str = "smiles_column") -> str:
    """Returns the column of SMILES.

    Raises:
        ToolError: There is none, or not the one that is named.
    """
    if asked:
        return str(require_columns(dataset, {field: asked})[field])
    if dataset.smiles_column:
        return dataset.smiles_column
    columns = ", ".join(map(str, dataset.frame.columns[:12]))
    wrong = FieldFault(
        field=field, got="nothing", expected=f"the column with SMILES, one of {columns}"
    )
    raise ToolError(f"{dataset.name} has no column named like SMILES.", wrong)


def _true_names(dataset: Dataset, request: PropertyRequest) -> PropertyRequest:
    """Checks every column that is named at once."""
    field = "target_column" if len(request.targets) == 1 else "target_columns"
    found: dict[str, Any] = require_columns(
        dataset,
        {field: list(request.targets), "group_column": request.group_column,
         "date_column": request.date_column},
    )  # fmt: skip
    return replace(
        request,
        targets=tuple(dict.fromkeys(found[field])),
        group_column=found["group_column"],
        date_column=found["date_column"],
    )


def _sides(
    data: Measured, targets: Targets, request: PropertyRequest
) -> tuple[NDArray[np.intp], NDArray[np.intp], str]:
    if request.split == "scaffold":
        kept, rest = scaffold_parts(data.molecules, [1 - TEST_FRACTION, TEST_FRACTION])
        if not len(rest):
            wrong = FieldFault(field="split", got="'scaffold'", expected="random")
            raise ToolError("All molecules have one scaffold; nothing can be held out.", wrong)
        words = f"Bemis-Murcko scaffolds, the rarest {TEST_FRACTION:.0%} held out"
        return np.sort(kept), np.sort(rest), words
    split = split_indices(
        data.frame,
        _strata(data, targets),
        request.split,
        group_column=request.group_column,
        date_column=request.date_column,
        seed=request.seed,
    )
    return split.train, split.test, split.method


def _strata(data: Measured, targets: Targets) -> NDArray[Any] | None:
    if len(targets.names) > 1:
        return None
    column = data.values[:, 0]
    return column.astype(int) if targets.task == "classification" else strata_of_number(column)


def _without(train: Measured, test: Measured, notes: list[str]) -> Measured:
    """Leaves out training molecules that are also held out, for they would tell the answer."""
    held_out = set(test.keys)
    kept = [n for n, key in enumerate(train.keys) if key not in held_out]
    if not kept:
        wrong = FieldFault(field="test_dataset", got="the training molecules", expected="others")
        message = "Every training molecule is also held out; there is nothing to train on."
        raise ToolError(message, wrong, kind="refused_data")
    if len(kept) < len(train):
        notes.append(f"{len(train) - len(kept)} training molecules that are also held out left out")
    return train.take(np.array(kept, dtype=np.intp))


def _refuse_unknown(train: Measured, test: Measured, targets: Targets) -> None:
    """Refuses targets of which one side knows too little."""
    faults = []
    for k, name in enumerate(targets.names):
        known, held_out = (side.values[np.isfinite(side.values[:, k]), k] for side in (train, test))
        if len(known) < LEAST_KNOWN or len(np.unique(known)) < 2 or not len(held_out):
            same = ", all the same" if len(known) and len(np.unique(known)) < 2 else ""
            got = f"{name!r} with {len(known)} training values{same}, {len(held_out)} held out"
            expected = f"{LEAST_KNOWN} training values that differ, and some held out"
            faults.append(FieldFault(field="target_column", got=got, expected=expected))
    if faults:
        message = "The split leaves too little of a target on one side."
        raise ToolError(message, *faults, kind="refused_data")


def _inner_groups(train: Measured, request: PropertyRequest) -> NDArray[Any] | None:
    """Returns what keeps inner folds as strict as the split."""
    if request.split == "scaffold":
        codes: NDArray[Any] = scaffold_codes(train.molecules)
    elif request.group_column:
        codes = train.frame[request.group_column].astype(str).factorize()[0]
    else:
        return None
    return codes if len(np.unique(codes)) >= 2 else None


def _warnings(train: Measured, test: Measured, targets: Targets) -> list[str]:
    """Says where the data are too small."""
    found: list[str] = []
    if len(train) < 200:
        found.append(f"only {len(train)} training molecules: expect wide errors on new chemistry")
    if len(test) < 50:
        found.append(f"only {len(test)} held-out molecules: the metrics are uncertain")
    if targets.task == "classification":
        found += _rare(train.values, targets)
    else:
        found += _wide(train.values, targets)
    return found


def _wide(values: NDArray[np.float64], targets: Targets) -> list[str]:
    """Says which quantities span so much that only the largest values count."""
    found = []
    for name, column in zip(targets.names, values.T, strict=True):
        known = column[np.isfinite(column)]
        if known.min() > 0 and known.max() / known.min() >= WIDE:
            found.append(
                f"{name} spans {known.max() / known.min():,.0f}-fold: its logarithm may be what is "
                "to be learnt"
            )
    return found


def _rare(values: NDArray[np.float64], targets: Targets) -> Sequence[str]:
    few = []
    for k, name in enumerate(targets.names):
        known = values[np.isfinite(values[:, k]), k]
        rarest = int(min(known.sum(), len(known) - known.sum()))
        if rarest < 20:
            few.append(f"{name}: {rarest}")
    return [f"few training molecules of the rarer class ({', '.join(few)})"] if few else []
