"""Training a segmenter, from the request to the kept model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from models.errors import FieldFault, ToolError
from models.fitting.effort import Effort
from models.fitting.hardware import device
from models.images.segmentation.baseline import best_rules
from models.images.segmentation.familiarity import Familiarity, Vector, appearance
from models.images.segmentation.fitted import FittedSegmenter
from models.images.segmentation.judging import judge
from models.images.segmentation.learning.fitting import epochs_for, fit_segmenter
from models.images.segmentation.learning.grid import Grid, standardised
from models.images.segmentation.learning.networks import make_segmenter
from models.images.segmentation.learning.sampling import (
    Sample,
    Sampler,
    mirrored_axes,
    usual_extents,
)
from models.images.segmentation.outlining.cases import Case, Cases, find_cases
from models.images.segmentation.outlining.division import divide
from models.images.segmentation.outlining.outlines import Labels
from models.images.segmentation.report import KeptSegmenter, keep
from models.images.segmentation.request import SegmentationRequest
from models.store.runs import Run
from models.store.workspace import Workspace

FITTING = (0.15, 0.85)
"""Where along the progress bar the network is trained."""


@dataclass(frozen=True)
class Loaded:
    """Cases on the grid.

    Attributes:
        samples: One per case.
        appearances: How each looks.
    """

    samples: list[Sample]
    appearances: list[Vector]


def train_image_segmenter(
    request: SegmentationRequest, workspace: Workspace, run: Run, effort: Effort
) -> KeptSegmenter:
    """Trains, judges and keeps a segmenter.

    Args:
        request: What to train on.
        workspace: Where data are read and the model is kept.
        run: Gets the split, the overlays and the table of cases.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The images or masks are not fit for it.
    """
    looking = effort.part(0, 0.08).progress
    cases = find_cases(request.image_folder, workspace, request.test_folder, looking)
    grid = _grid(cases)
    points = int(np.prod(np.array(_usual_size(cases)) / grid.step))
    division = divide(cases, points, request.seed)
    sides = {
        f"{part}_cases": [case.item.name for case in getattr(division, part)]
        for part in ("training", "validation", "test")
    }
    run.record(
        data_sha256=cases.admitted.sha256, seed=request.seed, split=division.record() | sides
    )
    training = _load(division.training, cases.labels, grid, effort.part(0.08, 0.13))
    validation = _load(division.validation, cases.labels, grid, effort.part(0.13, FITTING[0]))
    _require_foreground(training.samples, cases)
    if device().type == "cpu":
        grid = grid.narrowed(usual_extents(training.samples).tolist())
    mirrors = mirrored_axes(training.samples, grid.dimensions)
    epochs = request.epochs or epochs_for(len(training.samples), grid, device().type)
    with torch.random.fork_rng():
        torch.manual_seed(request.seed)
        network = make_segmenter(request.architecture, grid, cases.labels.count)
    fit = fit_segmenter(
        network,
        Sampler(grid, mirrors),
        training.samples,
        validation.samples,
        epochs,
        effort.part(*FITTING),
    )
    known = Familiarity.of([*training.appearances, *validation.appearances])
    model = FittedSegmenter(fit.network, request.architecture, grid, cases.labels, mirrors, known)
    rules = best_rules(training.samples, cases.labels.count)
    judged = judge(model, rules, division.test, effort.part(FITTING[1], 0.98))
    return keep(model, fit, judged, request, cases, division, workspace, run)


def _usual_size(cases: Cases) -> list[int]:
    """Returns the median size along each axis."""
    sizes = [
        [int(side) for side in size.split(" × ")]
        for size, count in cases.admitted.sizes.items()
        for _ in range(count)
    ]
    return [int(side) for side in np.median(sizes, axis=0)]


def _grid(cases: Cases) -> Grid:
    admitted = cases.admitted
    return Grid.plan(
        _usual_size(cases),
        admitted.spacing,
        colour=cases.colour,
        device=device().type,
        cases=len(cases.cases),
    )


def _load(cases: Sequence[Case], labels: Labels, grid: Grid, effort: Effort) -> Loaded:
    loaded = Loaded([], [])
    for index, case in enumerate(cases):
        effort.progress(index / len(cases), "reading images and masks")
        picture, numbered = case.load(labels)
        values = grid.values(picture)
        on_grid = grid.labels(numbered, values.shape[1:])
        loaded.samples.append(Sample.of(standardised(values), on_grid, labels.count))
        loaded.appearances.append(appearance(values))
    return loaded


def _require_foreground(samples: Sequence[Sample], cases: Cases) -> None:
    names = enumerate(cases.labels.names, start=1)
    missing = [name for label, name in names if not any(label in s.points for s in samples)]
    if missing:
        wrong = FieldFault(
            field="image_folder",
            got=f"no training mask with {', '.join(missing)}",
            expected="every label in several cases",
        )
        raise ToolError("A label cannot be learnt: no training case has it.", wrong,
                        kind="refused_data")  # fmt: skip
