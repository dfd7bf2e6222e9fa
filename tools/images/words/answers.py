"""What `describe_dataset` says of a folder or table of images, or of one image."""

from collections import Counter
from typing import Any

from models.errors import ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, ToolContext, ToolResult
from tools.wording import within_limit

SHOWN_DAMAGED = 5
SHOWN_SIZES = 4


def names_images(reference: str, workspace: Workspace) -> bool:
    """Tells whether a reference is of a folder or a single image, not of a table."""
    from models.data.builtin import BUILT_IN
    from models.images.formats.reading import SUFFIXES

    try:
        path = workspace.readable(reference, "dataset")
    except ToolError:  # reading it as a table will say what is wrong
        return False
    return reference.casefold() not in BUILT_IN and (
        path.is_dir() or path.name.lower().endswith(SUFFIXES)
    )


def describe_images(reference: str, context: ToolContext) -> ToolResult:
    """Counts, sizes, outlines, copies, patients and warnings, with a contact sheet.

    Raises:
        ToolError: There is no image, or none can be read.
    """
    from models.images.contact_sheet import contact_sheet
    from models.images.intake.door import admit
    from models.images.segmentation.outlining.cases import review
    from models.images.segmentation.outlining.folders import find_with_outlines

    found = find_with_outlines(reference, context.workspace, "dataset")
    collection = found.collection
    if collection.layout == "masks":
        seen = review(found, context.progress)
        admitted, outlined = seen.admitted, len(seen.cases)
        warnings = [*admitted.warnings, *seen.warnings()]
    else:
        admitted, outlined = admit(collection, context.progress), 0
        warnings = admitted.warnings
    context.active_run.record(data_sha256=admitted.sha256)
    sheet = contact_sheet(admitted.items, context.active_run.artifact("contact_sheet.png"))
    data = {
        "dataset": collection.root.name,
        "single": len(collection.items) == 1 and collection.layout == "unlabelled",
        "rows": len(admitted.items),
        "layout": collection.layout,
        "classes": admitted.collection.counts,
        "parts": dict(Counter(item.part for item in admitted.items if item.part)),
        "outlined": outlined,
        "boxes": dict(Counter(box.label for boxes in found.boxes.values() for box in boxes)),
        "sizes": admitted.sizes,
        "spacing_mm": admitted.spacing,
        "modalities": admitted.modalities,
        "volumes": admitted.are_volumes,
        "groups": len(set(admitted.groups.tolist())),
        "damaged": admitted.damaged,
        "warnings": warnings,
        "notes": admitted.notes,
        "sha256": admitted.sha256,
    }
    return ToolResult(
        summary=within_limit(_sentences(data)),
        data=data,
        artifacts=[Artifact(kind="picture", path=str(sheet))],
    )


def _sentences(data: dict[str, Any]) -> list[str]:
    said = _opening(data)
    if data["parts"]:
        said.append(f"Parts: {_counted(data['parts'])}.")
    if data["boxes"]:
        boxes = _counted(data["boxes"])
        said.append(f"In {data['outlined']}, bounding boxes mark what is looked for: {boxes}.")
    elif data["layout"] == "masks":
        said.append(f"Of {data['outlined']}, a mask outlines what is looked for.")
    if data["spacing_mm"]:
        said.append(f"Spacing {' × '.join(f'{s:.3g}' for s in data['spacing_mm'])} mm.")
    if data["modalities"]:
        named = data["modalities"]
        said.append(f"Modality: {next(iter(named)) if data['single'] else _counted(named)}.")
    if data["notes"] and not data["single"]:
        said.append(f"At the door: {'; '.join(data['notes'])}.")
    if data["warnings"]:
        said.append(f"Look at: {'; '.join(data['warnings'])}.")
    if data["damaged"]:
        reasons = "; ".join(list(data["damaged"].values())[:SHOWN_DAMAGED])
        said.append(f"Not readable: {reasons}.")
    return said


def _opening(data: dict[str, Any]) -> list[str]:
    """Says what it is, and of which sizes."""
    kind = "volume" if data["volumes"] else "image"
    sizes = list(data["sizes"].items())
    if data["single"]:
        return [f"{data['dataset']} is one {kind} of {sizes[0][0]} pixels."]
    counts = _counted(data["classes"])
    shown = ", ".join(f"{size} ({n})" for size, n in sizes[:SHOWN_SIZES])
    more = f" and {len(sizes) - SHOWN_SIZES} others" if len(sizes) > SHOWN_SIZES else ""
    return [
        f"{data['dataset']} has {data['rows']} usable {kind}s{f': {counts}' if counts else ''}.",
        f"Sizes: {shown}{more} pixels.",
    ]


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.items())
