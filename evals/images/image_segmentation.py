"""Outlining phantoms in 2-D and 3-D, made-up cells from boxes, and any folder that is given."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.errors import ToolError
from models.store.workspace import Workspace

if TYPE_CHECKING:
    from models.metrics.intervals import Interval

BAR, SECONDS = 0.90, 120.0
"""Dice that phantoms must reach, and the time that training may take on two cores."""

COLUMNS = [
    "images",
    "row",
    "Dice (95% CI)",
    "HD95 (95% CI)",
    "seconds (of CPU)",
    "trained on / judged on",
]


@dataclass(frozen=True)
class Phantoms:
    """One made-up set: what it is called, how many images, their side and dimensions."""

    name: str
    count: int
    side: int
    dimensions: int


SETS = (Phantoms("phantoms 2-D", 80, 96, 2), Phantoms("phantoms 3-D", 32, 48, 3))
SMEARS = 80


@eval_task(
    "image_segmentation",
    f"outlines of phantoms in 2-D and 3-D (bar: Dice {BAR} within {SECONDS:.0f} s of training), "
    "cells from boxes",
)
def run(options: EvalOptions) -> Report:
    """Trains with the defaults on each set and judges on its held-out cases."""
    rows: list[list[Any]] = []
    figures: dict[str, Any] = {}
    notes = [
        "Split: where a set states no test part, one case in four is held out at random, images of "
        "one patient and near copies together; a fifth of the rest only decides when to stop.",
        "Phantoms are made up by models/imaging/phantoms.py (noise of 0.08 of the full range); "
        "cells by models/imaging/smears.py, learnt from boxes and judged against true outlines.",
        "MONAI's tutorial recipe is trained in this process on all training cases of the same "
        "split (it needs none to stop), with the same patch, for as many CPU seconds as the whole "
        "call of ours (evals/scorers/monai_segmenter.py).",
        f"Seconds are of the whole call: reading, training, judging; those of the CPU do not count "
        f"other programs. Bar: Dice {BAR} within {SECONDS:.0f} s on two cores for the phantoms.",
    ]
    for name, folder, workspace in _sets(options):
        try:
            rows += _judged(name, folder, workspace, options.seed, figures)
        except ToolError as error:
            if options.data is None or folder != options.data:
                raise
            notes.append(f"{folder} was left out: {error.message}")
    return Report(
        title="Outlining",
        tables=[ReportTable(title="Held-out cases", columns=COLUMNS, rows=rows)],
        figures=figures,
        notes=notes,
    )


def _sets(options: EvalOptions) -> Iterator[tuple[str, Path, Workspace]]:
    """Yields the sets: those made up, then the folder that was given."""
    from models.images.phantoms.bodies import write_outlines
    from models.images.phantoms.smears import write_smears

    root, seed = options.workspace.root / "phantoms", options.seed
    for made in SETS:
        folder = root / made.name.replace(" ", "_")
        write_outlines(folder, made.count, made.side, made.dimensions, seed)
        yield made.name, folder, options.workspace
    yield "cells from boxes", write_smears(root / "smears", SMEARS, seed), options.workspace
    if options.data is not None:
        given = Workspace(options.workspace.root, (options.data,))
        yield options.data.name, options.data, given


def _judged(
    name: str, folder: Path, workspace: Workspace, seed: int, figures: dict[str, Any]
) -> list[list[Any]]:
    """Trains on one set; returns its rows and notes its figures."""
    from tools.execution import execute

    started, used = time.monotonic(), time.process_time()
    arguments = {"image_folder": str(folder), "seed": seed}
    data = execute(workspace, "train_image_segmenter", arguments).data
    seconds, used = time.monotonic() - started, time.process_time() - used
    split, unit = data["split"], data["distance_unit"]
    sides = f"{split['train']} / {split['test']}, {split['method']}"
    figures[name] = round(data["metrics"]["dice"]["value"], 4)
    figures[f"{name}, seconds"] = round(seconds, 1)
    figures[f"{name}, CPU seconds"] = round(used, 1)
    taken = f"{seconds:.0f} ({used:.0f})"
    rules = " / ".join(dict.fromkeys(data["baseline_rules"]))
    rows = [_row(name, "U-Net", data["metrics"], unit, taken, sides)]
    if (folder / "outlines").is_dir():
        truth = _against_truth(data["model"], folder, workspace, seed)
        rows.append(_row(name, "U-Net, against true outlines", truth, unit, "-", sides))
        figures[f"{name}, against true outlines"] = round(truth["dice"]["value"] or 0, 4)
    if any(name == made.name for made in SETS):
        peer = _peer(data["model"], folder, workspace, used, seed)
        rows.append(_row(name, "MONAI's tutorial recipe", peer, unit, f"({used:.0f})", sides))
        figures[f"{name}, MONAI's recipe"] = round(peer["dice"]["value"] or 0, 4)
    rows.append(_row(name, rules, data["baseline"], unit, "-", sides))
    return [*rows, [name, "nothing outlined", "0.000", "-", "-", sides]]


def _peer(
    model: str, folder: Path, workspace: Workspace, seconds: float, seed: int
) -> "dict[str, Interval]":
    """Trains as MONAI's tutorials do, on the same cases."""
    import numpy as np

    from evals.scorers.monai_segmenter import monai_scores
    from models.images.segmentation.fitted import FittedSegmenter
    from models.images.segmentation.overlap import summarised
    from models.store.registry import ModelStore

    segmenter = FittedSegmenter.load(ModelStore(workspace).folder(model))
    split = _split(model, workspace)
    fitted, test = (
        [(folder / name, folder / "masks" / Path(name).name) for part in parts
         for name in split[f"{part}_cases"]]
        for parts in (("training", "validation"), ("test",))
    )  # fmt: skip
    values = monai_scores(fitted, test, segmenter.grid.patch, seconds, seed)
    return summarised(values, segmenter.labels.names, np.arange(len(values)), seed)


def _split(model: str, workspace: Workspace) -> dict[str, list[str]]:
    """Returns the names of the cases of each part."""
    from models.store.registry import ModelStore
    from models.store.runs import RunStore

    run = ModelStore(workspace).manifest(model)["run"]
    split: dict[str, list[str]] = RunStore(workspace).read(run)["split"]
    return split


def _against_truth(
    model: str, folder: Path, workspace: Workspace, seed: int
) -> "dict[str, Interval]":
    """Judges a segmenter that learnt from boxes against the outlines that it never saw."""
    import numpy as np

    from models.images.formats.reading import read_picture
    from models.images.segmentation.fitted import FittedSegmenter
    from models.images.segmentation.overlap import per_case, summarised
    from models.store.registry import ModelStore

    segmenter = FittedSegmenter.load(ModelStore(workspace).folder(model))
    values = []
    for name in _split(model, workspace)["test_cases"]:
        picture = read_picture(folder / name)
        truth = read_picture(folder / "outlines" / Path(name).name).pixels
        found = segmenter.outline(picture).mask
        values.append(per_case(truth, found, segmenter.labels.count, (1.0, 1.0)))
    return summarised(np.array(values), segmenter.labels.names, np.arange(len(values)), seed)


def _row(
    name: str,
    row: str,
    metrics: "dict[str, Interval]",
    unit: str,
    seconds: str,
    sides: str,
) -> list[Any]:
    from models.metrics.intervals import show_interval

    distance = f"{show_interval(metrics['hausdorff_95'], 2)} {unit}"
    return [name, row, show_interval(metrics["dice"]), distance, seconds, sides]
