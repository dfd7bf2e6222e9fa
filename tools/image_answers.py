"""What `describe_dataset` says of a folder of images, or of one image."""

from typing import TYPE_CHECKING

from models.errors import ToolError
from models.workspace import Workspace
from tools.contract import Artifact, ToolContext, ToolResult
from tools.training import within_limit

if TYPE_CHECKING:
    from models.imaging.door import Admitted

SHOWN_DAMAGED = 5


def names_images(reference: str, workspace: Workspace) -> bool:
    """Tells whether a reference is of a folder or a single image, not of a table."""
    from models.builtin import BUILT_IN
    from models.imaging.reading import SUFFIXES

    try:
        path = workspace.readable(reference, "dataset")
    except ToolError:  # reading it as a table will say what is wrong
        return False
    return reference.casefold() not in BUILT_IN and (
        path.is_dir() or path.name.lower().endswith(SUFFIXES)
    )


def describe_images(reference: str, context: ToolContext) -> ToolResult:
    """Counts, sizes, spacing, copies, patients and warnings, with a contact sheet.

    Raises:
        ToolError: There is no image, or none can be read.
    """
    from models.imaging.collection import find_images
    from models.imaging.contact_sheet import contact_sheet
    from models.imaging.door import admit

    collection = find_images(reference, context.workspace, "dataset")
    admitted = admit(collection, context.progress)
    context.active_run.record(data_sha256=admitted.sha256)
    sheet = contact_sheet(admitted.items, context.active_run.artifact("contact_sheet.png"))
    return ToolResult(
        summary=within_limit(_sentences(collection.root.name, admitted)),
        data={
            "dataset": collection.root.name,
            "rows": len(admitted.items),
            "layout": collection.layout,
            "classes": admitted.collection.counts,
            "sizes": admitted.sizes,
            "spacing_mm": admitted.spacing,
            "volumes": admitted.are_volumes,
            "groups": len(set(admitted.groups.tolist())),
            "damaged": admitted.damaged,
            "warnings": admitted.warnings,
            "notes": admitted.notes,
            "sha256": admitted.sha256,
        },
        artifacts=[Artifact(kind="picture", path=str(sheet))],
    )


def _sentences(name: str, admitted: "Admitted") -> list[str]:
    kind = "volumes" if admitted.are_volumes else "images"
    counts = ", ".join(f"{label} {n}" for label, n in admitted.collection.counts.items())
    sizes = list(admitted.sizes.items())
    shown = ", ".join(f"{size} ({n})" for size, n in sizes[:4])
    more = f" and {len(sizes) - 4} others" if len(sizes) > 4 else ""
    said = [
        f"{name} has {len(admitted.items)} usable {kind}{f': {counts}' if counts else ''}.",
        f"Sizes: {shown}{more} pixels.",
    ]
    if admitted.collection.layout == "masks":
        said.append("Each has a mask that outlines what is looked for.")
    if admitted.spacing:
        said.append(f"Spacing {' × '.join(f'{s:.3g}' for s in admitted.spacing)} mm.")
    if admitted.notes:
        said.append(f"At the door: {'; '.join(admitted.notes)}.")
    if admitted.warnings:
        said.append(f"Look at: {'; '.join(admitted.warnings)}.")
    if admitted.damaged:
        reasons = "; ".join(list(admitted.damaged.values())[:SHOWN_DAMAGED])
        said.append(f"Not readable: {reasons}.")
    return said
