"""Made-up images: how alike to real ones they are, and whether a classifier gains from them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.errors import PrerequisiteError
from models.store.workspace import Workspace

if TYPE_CHECKING:
    import torch

    from models.images.synthesis.intake import Intake

FloatArray = NDArray[np.float64]
ARCHITECTURE = "resnet18"
PRESENTATIONS = 1600
"""Images that a classifier is shown in training, whatever they are."""

REPEATS = 2
"""Classifiers with different seeds, whose probabilities are averaged."""

BATCH = 32
ALONE, WITH_OURS = "real images alone", "real and generated"
WITH_GAUSSIAN = "real and Gaussian over pixels"


@dataclass(frozen=True)
class Task:
    """One set of images.

    Attributes:
        name: What it is called.
        side: Pixels along each axis of the made-up images.
    """

    name: str
    side: int


PHANTOMS, BRAIN = Task("phantoms", 32), Task("brain_mri", 64)
PHANTOMS_OF_EACH_CLASS = 150


@eval_task(
    "image_synthesis",
    "made-up images beside real ones, and a classifier trained with and without them",
)
def run(options: EvalOptions) -> Report:
    """Judges a generator on phantoms and, where they are at hand, on slices of brains.

    `limit` takes only the first of them.
    """
    from models.images.synthesis.quality import FLOOR, GAUSSIAN, GENERATOR
    from tools.execution import execute

    report = Report(title="Synthesis of images", notes=[
        "Distances: held-out images against as many of each row, features scaled to variance 1 "
        "in all. The floor is that of real training images, not 0.",
        f"Classifiers: {ARCHITECTURE}, augmented, {PRESENTATIONS} images shown in every row; "
        f"probabilities averaged over {REPEATS} seeds; AUROC on real held-out images of other "
        "patients, intervals by bootstrap over groups.",
        "One made-up image of the same class is added for each real one.",
        "Nothing was chosen on the held-out images.",
    ])  # fmt: skip
    for task, folder in list(_tasks(options))[: options.limit]:
        within = Workspace(options.workspace.root, (folder.parent,))
        arguments = {"image_folder": str(folder), "image_size": task.side, "seed": options.seed}
        made = execute(within, "generate_medical_images", arguments).data
        report.tables.append(_quality_table(task, made["quality"], made["split"]))
        table, figures = _gain_table(task, made["model"], folder, within, options.seed)
        report.tables.append(table)
        report.figures |= {
            f"{task.name}/{name}": round(value, 4) for name, value in figures.items()
        }
        for name in (GENERATOR, FLOOR, GAUSSIAN):
            value = made["quality"]["sets"][name]["frechet_distance"]["value"]
            report.figures[f"{task.name}/frechet_distance/{name}"] = round(value, 4)
    return report


def _tasks(options: EvalOptions) -> list[tuple[Task, Path]]:
    from models.images.phantoms.bodies import write_classes

    made = options.workspace.root / "phantoms"
    if not made.exists():
        write_classes(made, PHANTOMS_OF_EACH_CLASS, side=PHANTOMS.side, seed=options.seed)
    tasks = [(PHANTOMS, made)]
    with suppress(PrerequisiteError):  # public data, which not everybody has
        tasks.append((BRAIN, options.folder(BRAIN.name)))
    return tasks


def _quality_table(task: Task, quality: dict[str, Any], split: dict[str, Any]) -> ReportTable:
    from models.images.synthesis.quality import GENERATOR
    from models.metrics.intervals import show_interval

    names = list(quality["sets"][GENERATOR])
    rows = [
        [name, *(show_interval(row[metric]) if metric in row else "-" for metric in names)]
        for name, row in quality["sets"].items()
    ]
    title = (
        f"{task.name}, {task.side} × {task.side}: {split['train']} training images, "
        f"{quality['images_each']} held out; features of {quality['features_of']}; "
        f"{quality['copies']} copies"
    )
    return ReportTable(title=title, columns=["images", *names], rows=rows)


def _gain_table(
    task: Task, model: str, folder: Path, workspace: Workspace, seed: int
) -> tuple[ReportTable, dict[str, float]]:
    """Trains the same classifier on real images, and on real and made-up ones."""
    from models.fitting.effort import Effort
    from models.images.synthesis.fitted import FittedImageGenerator
    from models.images.synthesis.intake import take_in
    from models.images.synthesis.simple import PixelGaussian
    from models.metrics.intervals import bootstrap_all, show_interval
    from models.metrics.tabular import auroc
    from models.store.registry import ModelStore

    silent = Effort(seed)
    intake = take_in(str(folder), task.side, workspace, silent)
    generator = FittedImageGenerator.load(ModelStore(workspace).folder(model)).generator
    real = intake.real
    classes = real.training_classes
    gaussian = PixelGaussian(real.training, classes)
    added: dict[str, Callable[[], torch.Tensor] | None] = {
        ALONE: None,
        WITH_OURS: lambda: generator.draw(classes, (seed, 2), silent.progress),
        WITH_GAUSSIAN: lambda: gaussian.sample(classes, seed + 2),
    }
    probability = {name: _trained(intake, make, seed) for name, make in added.items()}
    truth = real.held_out_classes

    def values(rows: NDArray[np.intp]) -> dict[str, float]:
        areas = {name: auroc(truth[rows], found[rows]) for name, found in probability.items()}
        gains = {f"gain of {name}": area - areas[ALONE] for name, area in areas.items()}
        return areas | gains

    found = bootstrap_all(values, len(truth), seed, groups=intake.held_out_groups)
    rows = [
        [name, show_interval(found[name]),
         "-" if name == ALONE else show_interval(found[f"gain of {name}"])]
        for name in added
    ]  # fmt: skip
    table = ReportTable(
        title=f"{task.name}: classifier on {len(truth)} held-out real images",
        columns=["trained on", "auroc", "gain over real alone"],
        rows=rows,
    )
    figures = {f"auroc/{name}": float(found[name]["value"] or 0.0) for name in added}
    return table, figures


def _trained(intake: "Intake", make: "Callable[[], torch.Tensor] | None", seed: int) -> FloatArray:
    """Returns the class probabilities of the held-out images, mean over the seeds."""
    import torch

    from models.fitting.effort import Effort
    from models.images.classification.learning.fitting import Recipe, fit_network
    from models.images.networks.tensors import standardised

    real = intake.real
    images, classes = real.training, real.training_classes
    if make:
        images = torch.cat([images, make()])
        classes = np.concatenate([classes, classes])
    channels, side = images.shape[1:3]
    epochs = max(1, round(PRESENTATIONS / len(images)))
    recipe = Recipe(ARCHITECTURE, 2, channels, len(intake.classes), side, epochs, BATCH)
    rows = np.arange(len(images))
    found: list[Any] = []
    for repeat in range(REPEATS):
        effort = Effort(seed + repeat)
        network = fit_network(recipe, images, classes, rows, rows[:0], effort).network
        with torch.inference_mode():
            scores = network(standardised(real.held_out)).double()
        found.append(scores.softmax(dim=1).numpy())
    averaged: FloatArray = np.mean(found, axis=0)
    return averaged
