"""The tool `generate_medical_images`."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, ToolArguments, ToolContext, ToolResult
from tools.registry import tool
from tools.roles import wrong_model
from tools.wording import within_limit

if TYPE_CHECKING:
    from models.images.synthesis.fitted import FittedImageGenerator, Made
    from models.images.synthesis.train import Kept

SHOWN = 16
"""Images among the artifacts; all lie in the folder of the run."""

SECONDS_TO_DRAW = 0.2
"""Per image of 64 pixels, on one core."""


class Arguments(ToolArguments):
    """From which images or which generator, how many, of which class."""

    image_folder: str | None = Field(
        default=None,
        description="Folder of images (one folder per class, or none) or table of paths that a "
        "new generator learns from. Either this or model.",
        json_schema_extra={"role": "images"},
    )
    model: str | None = Field(
        default=None,
        description="A generator that is there already, such as syn-1. Either this or "
        "image_folder.",
        json_schema_extra={"role": "model", "prefixes": ["syn"]},
    )
    count: int = Field(
        default=16,
        ge=1,
        le=1000,
        description="How many images to make.",
        json_schema_extra={"role": "count"},
    )
    label: str | None = Field(
        default=None,
        description="The class to make images of; all classes in their shares when not given.",
        json_schema_extra={"role": "text"},
    )
    image_size: int = Field(
        default=64,
        ge=32,
        le=128,
        multiple_of=16,
        description="Pixels along each side; of a new generator only.",
        json_schema_extra={"role": "count"},
    )
    epochs: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="How often the images are gone through; as often as pays when not given.",
        json_schema_extra={"role": "count"},
    )
    classifier: str | None = Field(
        default=None,
        description="A classifier of images, such as img-1, in whose features made-up and real "
        "images are compared; when not given, a small one is trained for it.",
        json_schema_extra={"role": "model", "prefixes": ["img"]},
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="Decides every random choice; the same seed gives the same images.",
        json_schema_extra={"role": "seed"},
    )
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds after which training ends with what it has.",
        json_schema_extra={"role": "seconds"},
    )


def seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long a call takes, from the number of files and their size."""
    drawing = SECONDS_TO_DRAW * arguments.count * (arguments.image_size / 64) ** 2
    if arguments.image_folder is None:
        return drawing
    from models.images.synthesis.budget import training_seconds

    try:
        path = workspace.readable(arguments.image_folder, "image_folder")
    except ToolError:  # the call itself will say what is wrong
        return 0.0
    folder = path if path.is_dir() else path.parent
    images = sum(1 for file in folder.rglob("*") if file.is_file())
    spent = training_seconds(images, arguments.image_size, arguments.epochs)
    return min(spent, arguments.time_limit or spent) + drawing


@tool(heavy=True, computes=True, estimate=seconds)
def generate_medical_images(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Make up medical images like those of a folder, marked as synthetic and judged for copies.

    When to use: the person wants synthetic, artificial or generated scans, slices, films or cells,
    for augmentation, teaching or tests, from a folder of images or with a generator trained before
    (syn-1). When not: for reading or classifying an image (analyze_image), for training a
    classifier (train_image_classifier), or for molecules (generate_molecules).
    """
    from models.fitting.effort import Effort

    _check(arguments)
    effort = Effort.within(arguments.seed, arguments.time_limit, context.progress)
    if arguments.model:
        generator, name = _kept(arguments.model, context.workspace), arguments.model
        return _result(arguments, context, generator, name, None, effort)
    from models.images.synthesis.train import train_image_generator

    kept = train_image_generator(
        str(arguments.image_folder), arguments.image_size, arguments.epochs, arguments.label,
        arguments.classifier, context.workspace, context.active_run, effort.part(0, 0.95),
    )  # fmt: skip
    return _result(arguments, context, kept.generator, kept.model, kept, effort.part(0.95, 1))


def _check(arguments: Arguments) -> None:
    """Refuses what contradicts itself.

    Raises:
        ToolError: Not exactly one of image_folder and model is given, or what only a new generator
            can follow is asked of one that is there.
    """
    given = [name for name in ("image_folder", "model") if getattr(arguments, name)]
    if len(given) != 1:
        expected = "exactly one of image_folder and model"
        got = " and ".join(given) or "neither"
        faults = [FieldFault(field=name, got=got, expected=expected)
                  for name in given or ["image_folder", "model"]]  # fmt: skip
        raise ToolError("Say either which images to learn from or which generator to use.", *faults)
    useless = {"image_size", "epochs", "classifier"} & arguments.model_fields_set
    if arguments.model and useless:
        faults = [
            FieldFault(field=name, got=str(getattr(arguments, name)), expected="nothing")
            for name in sorted(useless)
        ]
        message = f"{arguments.model} is trained already; this can be chosen for a new one only."
        raise ToolError(message, *faults)


def _kept(name: str, workspace: Workspace) -> "FittedImageGenerator":
    from models.images.synthesis.family import KIND, load
    from models.store.registry import ModelStore

    store = ModelStore(workspace)
    manifest = store.manifest(name)
    if manifest["kind"] != KIND:
        raise wrong_model(name, manifest["kind"], "a generator of images (syn)")
    return load(store.folder(name))


def _result(
    arguments: Arguments,
    context: ToolContext,
    generator: "FittedImageGenerator",
    name: str,
    kept: "Kept | None",
    effort: Any,
) -> ToolResult:
    """Draws images, writes them and says what they are worth."""
    from models.images.synthesis.pictures import draw_grid, write_pictures
    from models.store.registry import ModelStore

    made = generator.make(arguments.count, arguments.label, effort)
    run, store = context.active_run, ModelStore(context.workspace)
    manifest = store.manifest(name)
    paths = write_pictures(made.images, made.labels, run.artifact("images"), name, arguments.seed)
    grid = draw_grid(
        made.images, made.labels, generator.training, made.near, name, run.artifact("synthetic.png")
    )
    data = {
        "model": name,
        "algorithm": manifest["algorithm"],
        "count": len(paths),
        "labels": {label: made.labels.count(label) for label in sorted(set(made.labels))},
        "images": [path.name for path in paths],
        "images_sha256": made.sha256,
        "nearest_training_distance": [round(float(d), 4) for d in made.near.distance],
        "withheld_copies": made.withheld,
        "metrics": manifest["metrics"],
        "baseline": manifest["baseline"],
        "quality": manifest["quality"],
        "split": manifest["split"],
        "warnings": manifest["warnings"],
        "notes": manifest["notes"],
    }
    artifacts = [Artifact(kind="picture", path=str(grid))]
    artifacts += [Artifact(kind="picture", path=str(path)) for path in paths[:SHOWN]]
    artifacts += [Artifact(kind="card", path=str(store.folder(name) / "card.md"))] if kept else []
    sentences = [_trained(manifest)] if kept else []
    sentences += [_drawn(made, arguments, name), *_again(arguments), _worth(manifest)]
    if manifest["warnings"]:
        sentences.append(f"Warnings: {'; '.join(manifest['warnings'])}.")
    if manifest["notes"] and kept:
        sentences.append(f"Notes: {'; '.join(manifest['notes'])}.")
    return ToolResult(summary=within_limit(sentences), data=data, artifacts=artifacts)


def _trained(manifest: dict[str, Any]) -> str:
    split = manifest["split"]
    return (
        f"Trained {manifest['name']} ({manifest['algorithm']}) on {manifest['dataset']}: "
        f"{split['train']} images to learn from, {split['test']} held out ({split['method']})."
    )


def _drawn(made: "Made", arguments: Arguments, name: str) -> str:
    counts = {label: made.labels.count(label) for label in sorted(set(made.labels))}
    of = f" ({', '.join(f'{label} {n}' for label, n in counts.items())})" if counts else ""
    side = made.images.shape[-1]
    said = (
        f"{name} made {len(made.images)} synthetic images of {side} × {side} pixels{of}; they show "
        "no patient and say so in their names and headers. In the picture, each stands left of the "
        "training image that is most like it."
    )
    if made.withheld:
        said += f" {made.withheld} that were copies of training images are withheld"
        missing = arguments.count - len(made.images)
        said += f", so {missing} are missing." if missing else " and others drawn in their place."
    return said


def _again(arguments: Arguments) -> list[str]:
    """Says of a generator that is there what drawing from it once more gives."""
    if arguments.model is None:
        return []
    return [f"Seed {arguments.seed} gives these images each time; another seed gives others."]


def _worth(manifest: dict[str, Any]) -> str:
    from models.images.synthesis.quality import FLOOR, GAUSSIAN, GENERATOR, HELD_OUT, MEANS
    from models.metrics.intervals import show_interval

    quality = manifest["quality"]
    sets = quality["sets"]

    def value(name: str, metric: str) -> str:
        return f"{sets[name][metric]['value']:.3f}"

    near = sets[GENERATOR]["nearer_than_5_percent"]["value"]
    return (
        f"Fréchet distance to held-out images (lower is better; {quality['images_each']} images "
        f"each, features of {quality['features_of']}): "
        f"{show_interval(sets[GENERATOR]['frechet_distance'])}; real training images "
        f"{value(FLOOR, 'frechet_distance')}, {GAUSSIAN} {value(GAUSSIAN, 'frechet_distance')}, "
        f"{MEANS} {value(MEANS, 'frechet_distance')}. Diversity "
        f"{value(GENERATOR, 'internal_diversity')}, of real images "
        f"{value(HELD_OUT, 'internal_diversity')}. {near:.0%} of the images lie nearer to a "
        f"training image than the nearest 5% of real ones; {quality['copies']} of "
        f"{quality['images_each']} are copies. {_beside_trivial(sets)}Whether they help a "
        "classifier must be tested on real images."
    )


def _beside_trivial(sets: dict[str, Any]) -> str:
    """Returns a warning where a trivial generator comes nearer to real images."""
    from models.images.synthesis.quality import GAUSSIAN, GENERATOR, MEANS

    own = sets[GENERATOR]["frechet_distance"]["value"]
    better = [name for name in (GAUSSIAN, MEANS) if sets[name]["frechet_distance"]["value"] < own]
    if not better:
        return ""
    return f"It is no better than the {' or the '.join(better)}: more images or epochs may help. "
