"""The held-out images that an image model did worst on, from the table that its run keeps."""

from pathlib import Path
from typing import Any

from models.store.workspace import Workspace

SHOWN, FEWEST = 10, 3
TABLES = {
    "image_classifier": "held_out_predictions.csv",
    "image_segmenter": "held_out_cases.csv",
}
"""By the kind of model: its table of held-out images."""

PICTURE = "held_out_cases.png"
"""The best, the median and the worst outline."""


def held_out_folder(manifest: dict[str, Any], workspace: Workspace) -> Path | None:
    """Returns the folder of the run that judged a model on images, while it is there."""
    table = TABLES.get(manifest["kind"])
    folder = workspace.runs / str(manifest.get("run"))
    return folder if table and (folder / table).exists() else None


def worst_cases(manifest: dict[str, Any], workspace: Workspace) -> list[str]:
    """Returns the held-out images with the least likely class or the poorest outline, in words.

    Args:
        manifest: Of a model.
        workspace: Where its run is.

    Returns:
        The worst first, of a classifier those it got wrong, and three at least; empty for a model
        that does not read images, or whose run is gone.
    """
    import pandas as pd

    folder = held_out_folder(manifest, workspace)
    if folder is None:
        return []
    table = pd.read_csv(folder / TABLES[manifest["kind"]])
    if manifest["kind"] == "image_segmenter":
        rows = table.sort_values("dice", kind="stable").head(SHOWN)
        return [f"{row.case} ({row.label}, Dice {row.dice:.2f})" for row in rows.itertuples()]
    classes = manifest["target"]["classes"]
    likely = table[[f"probability_{label}" for label in classes]].set_axis(classes, axis=1)
    told = table["class"].astype(str)
    table["own"] = [likely.at[row, label] for row, label in told.items()]
    table["taken"] = likely.idxmax(axis=1)
    table["right"] = table["taken"] == told
    rows = table.sort_values(["right", "own"], kind="stable")
    shown = max(FEWEST, min(SHOWN, int((~table["right"]).sum())))
    return [
        f"{row.image} ({told[row.Index]} {row.own:.0%}"
        f"{'' if row.right else f', taken for {row.taken}'})"
        for row in rows.head(shown).itertuples()
    ]
