"""Learning from images without a class: does it pay where few have one?"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.store.workspace import Workspace

SEEDS = 2
NOISE = 0.3
"""As bright as a faint lesion: with little noise 40 images teach all there is."""


@dataclass(frozen=True)
class Sizes:
    """How much is made up and how long is trained.

    Attributes:
        known: Phantoms with a class, of each.
        unknown: Phantoms without, of both together.
        test: Held out, of each class.
        side: Pixels along each side.
        seconds: For each training; None for the tool's default.
    """

    known: int = 20
    unknown: int = 400
    test: int = 150
    side: int = 64
    seconds: float | None = None


@eval_task(
    "image_pretraining",
    "an image classifier of 40 phantoms, with and without 400 more whose class nobody says",
)
def run(options: EvalOptions) -> Report:
    """Trains with the tool's defaults on phantoms; `limit` is the number of seeds."""
    return measure(options, Sizes())


def measure(options: EvalOptions, sizes: Sizes) -> Report:
    """Trains on phantoms of these sizes, with and without those that have no class."""
    rows: list[list[Any]] = []
    aurocs: dict[str, list[float]] = {"with": [], "without": []}
    used = 0
    for seed in range(options.seed, options.seed + (options.limit or SEEDS)):
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), seed, sizes)
            common = {"time_limit": sizes.seconds} if sizes.seconds else {}
            without = _trained(options, Path(folder), seed, common)
            more = common | {"unlabelled_folder": str(Path(folder) / "unknown")}
            within = _trained(options, Path(folder), seed, more)
        proof = within["pretraining"]
        used += proof["used"]
        found = {"with": within, "without": without}
        for name, data in found.items():
            aurocs[name].append(data["rows"]["network"]["auroc"]["value"])
        rows.append([seed, aurocs["without"][-1], aurocs["with"][-1], proof["log_loss_without"],
                     proof["log_loss"], "yes" if proof["used"] else "no"])  # fmt: skip
    rows.append(["mean", fmean(aurocs["without"]), fmean(aurocs["with"]), "", "", ""])
    return Report(
        title="Pretraining on images without a class",
        tables=[
            ReportTable(
                title=f"{2 * sizes.known} phantoms with a class, {sizes.unknown} without, "
                f"{2 * sizes.test} held out",
                columns=["seed", "AUROC without", "AUROC with", "inner log loss without",
                         "inner log loss with", "used"],
                rows=rows,
            )
        ],
        figures={
            "auroc of the network without": round(fmean(aurocs["without"]), 4),
            "auroc of the network with": round(fmean(aurocs["with"]), 4),
            "seeds in which it was used": used,
        },
        notes=[
            "AUROC of the network alone on phantoms that no part of the training has seen. Whether "
            "the weights are used is decided by the inner log loss, within the training images; "
            "where they are not, both columns are the same network.",
            "Phantoms are made up: a gain on them is none on patients' images.",
        ],
    )  # fmt: skip


def _write(folder: Path, seed: int, sizes: Sizes) -> None:
    from models.images.phantoms.bodies import write_classes

    write_classes(folder / "known", sizes.known, sizes.side, 10 * seed, NOISE)
    write_classes(folder / "test", sizes.test, sizes.side, 10 * seed + 1, NOISE)
    made = write_classes(folder / "made", sizes.unknown // 2, sizes.side, 10 * seed + 2, NOISE)
    (folder / "unknown").mkdir()
    for path in sorted(made.glob("*/*.png")):
        path.rename(folder / "unknown" / path.name)
    shutil.rmtree(made)


def _trained(options: EvalOptions, folder: Path, seed: int, more: dict[str, Any]) -> dict[str, Any]:
    from tools.execution import execute

    workspace = Workspace(options.workspace.root, (folder,))
    arguments = {"image_folder": str(folder / "known"), "test_folder": str(folder / "test"),
                 "seed": seed} | more  # fmt: skip
    return dict(execute(workspace, "train_image_classifier", arguments).data)
