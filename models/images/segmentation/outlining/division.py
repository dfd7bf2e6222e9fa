"""Which cases are trained on, which decide when to stop, and which are held out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.data.splits import folds
from models.errors import FieldFault, ToolError
from models.images.segmentation.outlining.cases import Case, Cases

LEAST_CASES = 8
HELD_OUT_PARTS = 4
"""One case in so many is held out where neither folder nor table states a test part."""

VALIDATED = 0.2
"""Share of the training cases that only decides when to stop."""

ENOUGH_HELD_OUT, ENOUGH_TRAINING = 10, 20
VALIDATED_POINTS = {2: 1_500_000, 3: 3_000_000}
"""Grid points of validation cases that are outlined again and again; more would cost too much."""

LEAST_VALIDATED = 2


@dataclass(frozen=True)
class Division:
    """The cases by what they are for.

    Attributes:
        training: The weights are fitted to these.
        validation: These decide which epoch's weights are kept.
        test: The metrics are of these.
        method: How the test cases were chosen, in words.
        notes: What was left out.
        warnings: Where there are too few.
    """

    training: list[Case]
    validation: list[Case]
    test: list[Case]
    method: str
    notes: list[str]
    warnings: list[str]

    def record(self) -> dict[str, Any]:
        """Returns sizes and method, for results and cards."""
        fitted = [*self.training, *self.validation]
        return {
            "method": self.method,
            "train": len(fitted),
            "validation": len(self.validation),
            "test": len(self.test),
            "groups": len({case.group for case in [*fitted, *self.test]}),
        }


def divide(found: Cases, points: int, seed: int) -> Division:
    """Divides cases; those of one patient, and nearly the same images, stay on one side.

    Args:
        found: All cases.
        points: Grid points of the usual case.
        seed: Decides the draws.

    Raises:
        ToolError: There are too few cases, or too few patients.
    """
    cases = found.cases
    _require(cases)
    notes: list[str] = []
    dimensions = 3 if found.admitted.are_volumes else 2
    if {case.part for case in cases} >= {"test"} and any(case.part != "test" for case in cases):
        test = [case for case in cases if case.part == "test"]
        held = {case.group for case in test}
        fitted = [case for case in cases if case.part != "test" and case.group not in held]
        left = len(cases) - len(test) - len(fitted)
        if left:
            notes.append(f"{left} training cases left out: of a patient that is held out, or "
                         "nearly the same as a held-out image")  # fmt: skip
        _require(fitted)
        method = "the parts that the folder states"
    else:
        first, second = _parts(cases, HELD_OUT_PARTS, seed)
        fitted, test = [cases[i] for i in first], [cases[i] for i in second]
        method = f"one case in {HELD_OUT_PARTS} held out at random, whole groups"
    most = max(LEAST_VALIDATED, VALIDATED_POINTS[dimensions] // max(1, points))
    share = min(VALIDATED, most / len(fitted))
    first, second = _parts(fitted, max(2, round(1 / share)), seed + 1)
    warnings = []
    if len(fitted) < ENOUGH_TRAINING:
        warnings.append(f"only {len(fitted)} cases to learn from")
    if len(test) < ENOUGH_HELD_OUT:
        warnings.append(f"only {len(test)} held-out cases: the metrics are uncertain")
    training, validation = [fitted[i] for i in first], [fitted[i] for i in second]
    return Division(training, validation, test, method, notes, warnings)


def _parts(
    cases: Sequence[Case], count: int, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    groups = np.array([case.group for case in cases])
    count = min(count, len(np.unique(groups)))
    return folds(len(cases), groups=groups, count=count, seed=seed)[0]


def _require(cases: Sequence[Case]) -> None:
    groups = len({case.group for case in cases})
    if len(cases) >= LEAST_CASES and groups >= HELD_OUT_PARTS:
        return
    wrong = FieldFault(
        field="image_folder",
        got=f"{len(cases)} images with usable masks, of {groups} patients or near copies",
        expected=f"at least {LEAST_CASES}, of {HELD_OUT_PARTS}",
    )
    raise ToolError("There are too few cases to train and test on.", wrong, kind="refused_data")
