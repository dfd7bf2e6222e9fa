"""How good a segmenter is on held-out cases, beside what needs no learning."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.fitting.effort import Effort
from models.images.segmentation.baseline import Rule
from models.images.segmentation.fitted import FittedSegmenter
from models.images.segmentation.learning.grid import back, standardised
from models.images.segmentation.outlining.cases import Case
from models.images.segmentation.overlap import per_case, summarised
from models.metrics.intervals import Interval


@dataclass(frozen=True)
class Judgement:
    """What was found on held-out cases.

    Attributes:
        cases: The cases.
        values: Dice and 95% Hausdorff distance, shape (cases, labels, 2).
        simple: The same of the rules that need no learning.
        strangeness: Of each case, shape (cases,).
        agreement: Mean Dice between mirrored views of each case and label, shape (cases, labels).
        in_mm: Distances are in millimetres, else in pixels.
        rules: Name of each label's rule.
    """

    cases: Sequence[Case]
    values: NDArray[np.float64]
    simple: NDArray[np.float64]
    strangeness: NDArray[np.float64]
    agreement: NDArray[np.float64]
    in_mm: bool
    rules: list[str]

    def metrics(self, names: Sequence[str], seed: int) -> dict[str, Interval]:
        """Returns the model's metrics with their intervals."""
        return summarised(self.values, names, self._groups, seed)

    def baseline(self, names: Sequence[str], seed: int) -> dict[str, Interval]:
        """Returns the same for the rules."""
        return summarised(self.simple, names, self._groups, seed)

    @property
    def overall(self) -> NDArray[np.float64]:
        """Mean Dice over the labels of each case, shape (cases,); nan where it has none."""
        dice = self.values[:, :, 0]
        known = np.isfinite(dice)
        total = np.where(known, dice, 0).sum(1)
        mean: NDArray[np.float64] = np.where(
            known.any(1), total / np.maximum(known.sum(1), 1), np.nan
        )
        return mean

    @property
    def _groups(self) -> NDArray[np.intp]:
        return np.array([case.group for case in self.cases])


def judge(
    model: FittedSegmenter, rules: Sequence[Rule], cases: Sequence[Case], effort: Effort
) -> Judgement:
    """Outlines held-out cases in their own pixels and compares with their masks.

    Args:
        model: The segmenter.
        rules: One per label.
        cases: Held out.
        effort: Told how far it is.
    """
    found, simple, strangeness, agreement, known = [], [], [], [], []
    count = model.labels.count
    for index, case in enumerate(cases):
        effort.progress(index / len(cases), "judging on held-out cases")
        picture, truth = case.load(model.labels)
        outlined = model.outline(picture)
        known.append(picture.spacing is not None)
        spacing = picture.spacing or (1.0,) * len(picture.spatial)
        found.append(per_case(truth, outlined.mask, count, spacing))
        standard = standardised(model.grid.values(picture))
        guessed = np.zeros_like(truth)
        for label, rule in enumerate(rules, start=1):
            on_grid = torch.from_numpy(rule.find(standard))[None].float()
            guessed[back(on_grid, picture.spatial)[0].numpy() > 0.5] = label
        simple.append(per_case(truth, guessed, count, spacing))
        strangeness.append(outlined.strangeness)
        agreement.append([outlined.agreement(label)["agreement"] for label in range(1, count + 1)])
    return Judgement(
        cases,
        np.array(found),
        np.array(simple),
        np.array(strangeness),
        np.array(agreement),
        all(known),
        [rule.name for rule in rules],
    )
