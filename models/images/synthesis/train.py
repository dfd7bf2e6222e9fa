"""Training a generator of images, from the folder to the kept model and what it is worth."""

from dataclasses import dataclass
from typing import Any

from models.fitting.effort import Effort
from models.images.synthesis.extractor import extractor_for, kept_extractor
from models.images.synthesis.family import KIND
from models.images.synthesis.fitted import FittedImageGenerator, position_of
from models.images.synthesis.fitting import fit_generator
from models.images.synthesis.intake import Intake, take_in
from models.images.synthesis.memorisation import Memory
from models.images.synthesis.quality import Quality, judge
from models.store.card import model_card
from models.store.registry import ModelStore
from models.store.runs import Run
from models.store.workspace import Workspace

ALGORITHM = "latent diffusion"
FITTING = 0.75
"""Share of the time that goes into the generator; the rest judges it."""

JUDGING = 1
"""Stream of random numbers of the images that are judged, apart from those that are given."""

INTENDED_USE = (
    "Research and teaching: made-up images in the manner of {name}, for trying out software, for "
    "showing what such images look like, and for augmenting a classifier where a test on real "
    "images shows that it helps."
)
NOT_FOR = (
    "Diagnosis, or as evidence of anything about a disease: the images show nobody.",
    "Judging a classifier: test images must be real.",
    "Anonymising: an image may be close to a real one; look at its nearest training image.",
    "Passing off as real: keep the mark in file name and header.",
)


@dataclass(frozen=True)
class Kept:
    """A trained generator in the store.

    Attributes:
        model: Its short name.
        generator: Itself.
        intake: What it learnt from.
        quality: What it is worth.
    """

    model: str
    generator: FittedImageGenerator
    intake: Intake
    quality: Quality


def train_image_generator(
    image_folder: str,
    side: int,
    epochs: int | None,
    label: str | None,
    classifier: str | None,
    workspace: Workspace,
    run: Run,
    effort: Effort,
) -> Kept:
    """Trains, judges and keeps a generator.

    Args:
        image_folder: Images, with one folder per class or without.
        side: Pixels along each axis of the images to make.
        epochs: How often the images are gone through; None for as often as pays.
        label: The class that will be asked for, checked before the training.
        classifier: A kept classifier whose features are compared; None to train one.
        workspace: Where images are read and the model is kept.
        run: Gets the split.
        effort: Seed, deadline and progress.

    Raises:
        ToolError: The images are not fit for it, or there is no such class or classifier.
    """
    chosen = kept_extractor(classifier, workspace) if classifier else None
    intake = take_in(image_folder, side, workspace, effort.part(0, 0.1))
    position_of(label, intake.classes)
    run.record(
        data_sha256=intake.admitted.sha256,
        seed=effort.seed,
        split=intake.split | intake.positions,
    )
    real = intake.real
    network = fit_generator(
        real.training, real.training_classes, len(intake.classes), epochs,
        effort.spending(FITTING).part(0.1, 0.7),
    )  # fmt: skip
    memory = Memory.of(real.training, real.held_out)
    generator = FittedImageGenerator(network, intake.classes, intake.counts, real.training, memory)
    extractor = chosen or extractor_for(real.training, real.training_classes, effort.part(0.7, 0.8))
    drawing = effort.part(0.8, 0.92)
    drawn = network.draw(real.held_out_classes, (effort.seed, JUDGING), drawing.progress)
    quality = judge(drawn, real, memory, extractor, effort.part(0.92, 0.95))
    name = _keep(generator, intake, quality, image_folder, side, workspace, run, effort.seed)
    return Kept(name, generator, intake, quality)


def _keep(
    generator: FittedImageGenerator, intake: Intake, quality: Quality, image_folder: str, side: int,
    workspace: Workspace, run: Run, seed: int,
) -> str:  # fmt: skip
    classes = intake.classes if len(intake.classes) > 1 else []
    manifest: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "dataset": image_folder,
        "data_sha256": intake.admitted.sha256,
        "target": {"images": f"{side} × {side} pixels", "classes": ", ".join(classes)},
        "features": {"features": []},
        "metrics": dict(quality.metrics),
        "baseline": dict(quality.baseline),
        "quality": quality.as_json(),
        "split": intake.split,
        "generator": generator.settings,
        "run": run.id,
        "seed": seed,
        "warnings": intake.warnings,
        "notes": intake.notes,
    }
    sections = {
        "Beside real images": (
            f"{quality.images} images of each set against the held-out images, in the features of "
            f"{quality.extractor}. Fréchet distance: lower is better, and the more alike to real "
            f"training images the better.\n\n{quality.markdown()}"
        ),
        "Privacy": (
            "The model's folder holds the training images, shrunk: pass it on only as you would "
            "pass on the images. Copies of training images are held back when images are drawn."
        ),
    }
    card = model_card(
        {"kind": KIND} | manifest,
        intended_use=INTENDED_USE.format(name=intake.name),
        not_for=NOT_FOR,
        calibration="It states no probabilities.",
        limits=[*intake.warnings, *intake.notes],
        sections=sections,
    )
    return ModelStore(workspace).save(KIND, manifest, generator.save, card)
