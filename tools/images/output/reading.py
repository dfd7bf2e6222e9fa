"""What `analyze_image` does with a model and its images: one in detail, many in a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import FieldFault, ToolError
from tools.contract import Artifact, ToolContext, ToolResult
from tools.wording import within_limit

if TYPE_CHECKING:
    from pandas import DataFrame

    from models.images.finding import Finding, ImageReader
    from models.images.formats.picture import Picture
    from models.images.intake.collection import Collection, Item

SHOWN_FAILED = 3
SHOWN_IMAGES = 4
SHOWN_ROWS = 100
EXPLAINED = 12
"""Images of a folder whose reasons are looked for: that takes most of the time."""

SHOWN_PICTURES = 8
MOST_VALUES = 8
MOST_TALLIES = 4


@dataclass(frozen=True)
class Reading:
    """With what is read.

    Attributes:
        reader: The model.
        name: Its short name.
        kind: The kind of its family.
        chosen: It was not named but taken as the newest.
        dataset: What it was trained on.
    """

    reader: "ImageReader"
    name: str
    kind: str
    chosen: bool
    dataset: Path

    @property
    def opening(self) -> list[str]:
        """What stands before the findings: the caveat, and which model it is where not named."""
        from models.images.finding import CAVEAT

        newest = f"Read with {self.name}, the newest image model here."
        return [CAVEAT, newest] if self.chosen else [CAVEAT]


def read_one(collection: "Collection", reading: Reading, context: ToolContext) -> ToolResult:
    """Reads one image in detail.

    Raises:
        ToolError: It cannot be read, or is not of the kind that the model reads.
    """
    from models.images.formats.digest import image_sha256
    from models.images.formats.reading import read_picture

    item, run = collection.items[0], context.active_run
    digest = image_sha256(item.path)
    run.record(data_sha256=digest)
    picture = read_picture(item.path)
    context.progress(0.3, f"reading with {reading.name}")
    finding = reading.reader.read(picture, run.artifact)
    said = [f"{reading.name} on {picture.name}:", *finding.said, *_remarks(picture)]
    return ToolResult(
        summary=within_limit([*reading.opening, *said]),
        data={
            "model": reading.name,
            "kind": reading.kind,
            "image": picture.name,
            "sha256": digest,
            "size": list(picture.spatial),
            "spacing_mm": picture.spacing,
            "identifying_fields": list(picture.identifiers),
            "notes": list(picture.notes),
        }
        | finding.data,
        artifacts=[_artifact(path) for path in finding.pictures],
    )


def read_all(collection: "Collection", reading: Reading, context: ToolContext) -> ToolResult:
    """Reads every image of a collection into one table; those that cannot be read are listed.

    Raises:
        ToolError: None can be read.
    """
    import hashlib

    import pandas as pd

    from models.images.formats.digest import image_sha256

    run, items = context.active_run, collection.items
    rows: list[dict[str, Any]] = []
    failed: dict[str, str] = {}
    pictures: list[Path] = []
    digests: list[str] = []
    for index, item in enumerate(items):
        context.progress(index / len(items), f"{index} of {len(items)} images")
        digests.append(image_sha256(item.path))
        try:
            finding = _read_item(item, index, reading, context)
        except ToolError as error:
            failed[item.name] = error.message
            continue
        rows.append(_row(item, finding, run.folder))
        pictures += finding.pictures
    if not rows:
        name, why = next(iter(failed.items()))
        wrong = FieldFault(field="image", got=name, expected=f"images that {reading.name} reads")
        raise ToolError(f"None of the {len(failed)} images can be read; the first: {why}", wrong)
    run.record(data_sha256=hashlib.sha256("".join(digests).encode()).hexdigest())
    table = pd.DataFrame(rows)
    path = run.artifact("readings.csv")
    table.to_csv(path, index=False)
    said = [
        f"{reading.name} read {len(rows)} of {len(items)} images of {collection.root.name}.",
        *_tallies(table),
        *_learnt_from(collection, reading),
        *[f"{row['image']}: {row['said']}" for row in rows[:SHOWN_IMAGES]],
    ]
    if len(items) > EXPLAINED and "heat.where" in table:
        said.append(f"Heat maps are of the first {EXPLAINED}.")
    if failed:
        reasons = "; ".join(list(failed.values())[:SHOWN_FAILED])
        said.insert(1, f"Not read: {len(failed)} ({reasons}).")
    return ToolResult(
        summary=within_limit([*reading.opening, *said, f"All are in {path.name}."]),
        data={
            "model": reading.name,
            "kind": reading.kind,
            "images": len(items),
            "read": len(rows),
            "failed": failed,
            "readings": rows[:SHOWN_ROWS],
            "notes": collection.notes,
        },
        artifacts=[
            Artifact(kind="table", path=str(path)),
            *[_artifact(picture) for picture in pictures[:SHOWN_PICTURES]],
        ],
    )


def _read_item(item: "Item", index: int, reading: Reading, context: ToolContext) -> "Finding":
    from models.images.formats.reading import read_picture

    run, stem = context.active_run, Path(item.name).name.split(".")[0]
    return reading.reader.read(
        read_picture(item.path),
        lambda name: run.artifact(f"{index:05}_{stem}_{name}"),
        explain=index < EXPLAINED,
    )


def _row(item: "Item", finding: "Finding", folder: Path) -> dict[str, Any]:
    """Returns what was found as one row of a table: nested entries get dotted names.

    Files that were written go by their names in the run's folder.
    """
    row: dict[str, Any] = {"image": item.name, "said": finding.said[0]}
    if item.label is not None:
        row["folder_class"] = item.label
    for name, value in _flat(finding.data):
        written = isinstance(value, str) and value.startswith(f"{folder}/")
        row[name] = Path(value).name if written else value
    return row


def _flat(data: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif not isinstance(value, list | tuple):
            yield f"{before}{name}", value


def _tallies(table: "DataFrame") -> list[str]:
    """Returns how often each value occurs, of the columns that have few, and what agrees."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    said = []
    if {"folder_class", "predicted"} <= set(table.columns):
        agreed = int((table["folder_class"] == table["predicted"]).sum())
        said.append(f"{agreed} of {len(table)} are of the class that their folder is named by.")
    for name in table.columns.drop(["image", "said"]):
        values = table[name].dropna()
        if is_numeric_dtype(values) and not is_bool_dtype(values):
            continue
        counts = values.value_counts()
        if 0 < len(counts) <= MOST_VALUES and (len(counts) < len(values) or len(values) == 1):
            said.append(f"{name}: {', '.join(f'{value} {n}' for value, n in counts.items())}.")
    return said[:MOST_TALLIES]


def _learnt_from(collection: "Collection", reading: Reading) -> list[str]:
    """Says where the images are those that the model was trained on."""
    if collection.root.resolve() != reading.dataset:
        return []
    return [
        f"{reading.name} was trained on these images, so what agrees proves nothing: its figures "
        "on held-out images are in its card, each held-out prediction in the table of its run."
    ]


def _remarks(picture: "Picture") -> list[str]:
    """Returns what must be known of the file; of who the patient is, only that it is said."""
    said = [f"Of the file: {'; '.join(picture.notes)}."] if picture.notes else []
    if picture.identifiers:
        fields = ", ".join(picture.identifiers[:4])
        said.append(f"The file tells who the patient is ({fields}); none of that was taken over.")
    return said


def _artifact(path: Path) -> Artifact:
    kind = "picture" if path.suffix in (".png", ".jpg") else "file"
    return Artifact(kind=kind, path=str(path))
