"""A fitted segmenter: outlines in the image's own pixels, with their size and how sure they are."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

from models.errors import FieldFault, ToolError
from models.fitting.hardware import device
from models.images.finding import Finding
from models.images.formats.picture import Picture
from models.images.segmentation.familiarity import Familiarity, appearance
from models.images.segmentation.learning.grid import Grid, back, standardised
from models.images.segmentation.learning.inference import views
from models.images.segmentation.learning.networks import make_segmenter
from models.images.segmentation.outlining.outlines import Labels
from models.images.segmentation.overlap import dice
from models.images.segmentation.overlays import Panel, draw_overlays
from models.images.segmentation.regions import measured, show_size

NETWORK, FAMILIARITY = "network.safetensors", "familiarity.safetensors"
SURE = 0.9
"""Dice between the views below which the outline is said to be uncertain."""


@dataclass(frozen=True)
class Outlined:
    """What was found in one image.

    Attributes:
        mask: Labels in the image's own pixels, uint8, shape `picture.spatial`.
        views: Labels on the grid from the image and from each mirror image, shape (v, *size).
        together: Labels on the grid from all views together, shape `size`.
        strangeness: Above 1, the image is unlike the training images.
    """

    mask: NDArray[np.uint8]
    views: NDArray[np.uint8]
    together: NDArray[np.uint8]
    strangeness: float

    def agreement(self, label: int) -> dict[str, Any]:
        """Says how much a label changes when the image is mirrored.

        Returns:
            `agreement`, the mean Dice between each view and all together; `changing_outline`, the
            share of the outline's points on which the views differ; `smallest` and `greatest`,
            the size in the views as a share of the size from all together.
        """
        whole = self.together == label
        each = self.views == label
        scores = [dice(whole, one) for one in each]
        edge = whole & ~_eroded(whole)
        sizes = each.sum(axis=tuple(range(1, each.ndim))) / max(1, whole.sum())
        return {
            "agreement": float(np.mean(scores)) if np.isfinite(scores).all() else 1.0,
            "changing_outline": float((~each[:, edge].all(0)).mean()) if edge.any() else 0.0,
            "smallest": float(sizes.min()),
            "greatest": float(sizes.max()),
        }


class FittedSegmenter:
    """A trained segmenter.

    Args:
        network: Trained.
        architecture: Its name.
        grid: What it works on.
        labels: What it outlines.
        mirrors: Axes along which it may look at the mirror image.
        familiarity: How its training images look.
    """

    def __init__(
        self,
        network: nn.Module,
        architecture: str,
        grid: Grid,
        labels: Labels,
        mirrors: Sequence[int],
        familiarity: Familiarity,
    ) -> None:
        self.network = network.eval()
        self.architecture = architecture
        self.grid = grid
        self.labels = labels
        self.mirrors = list(mirrors)
        self.familiarity = familiarity

    @classmethod
    def load(cls, folder: Path) -> "FittedSegmenter":
        """Reads a kept segmenter."""
        manifest = json.loads((folder / "model.json").read_text())
        kept = manifest["segmenter"]
        grid, labels = Grid.model_validate(kept["grid"]), Labels.model_validate(kept["labels"])
        network = make_segmenter(manifest["algorithm"], grid, labels.count)
        network.load_state_dict(load_file(folder / NETWORK))
        seen = {name: some.numpy() for name, some in load_file(folder / FAMILIARITY).items()}
        known = Familiarity(seen["points"], seen["centre"], seen["scale"], seen["edge"].item())
        return cls(network, manifest["algorithm"], grid, labels, kept["mirrors"], known)

    def describe(self) -> dict[str, Any]:
        """Returns what `load` needs beside the weights, as JSON."""
        return {
            "grid": self.grid.model_dump(),
            "labels": self.labels.model_dump(),
            "mirrors": self.mirrors,
        }

    def save(self, folder: Path) -> None:
        """Writes the weights."""
        state = {name: some.contiguous() for name, some in self.network.state_dict().items()}
        save_file(state, folder / NETWORK)
        known = self.familiarity
        arrays = {"points": known.points, "centre": known.centre, "scale": known.scale,
                  "edge": np.array(known.edge)}  # fmt: skip
        tensors = {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in arrays.items()}
        save_file(tensors, folder / FAMILIARITY)

    def outline(self, picture: Picture) -> Outlined:
        """Outlines an image.

        Raises:
            ToolError: It is a volume for a segmenter of planes, or the other way round.
        """
        self._refuse_other_kind(picture)
        where = device()
        values = self.grid.values(picture)
        network = self.network.to(where)
        seen = views(network, standardised(values), self.grid, where, self.mirrors)
        mean = seen.mean(0)
        mask = back(mean, picture.spatial).argmax(0).numpy().astype(np.uint8)
        return Outlined(
            mask,
            seen.argmax(1).numpy().astype(np.uint8),
            mean.argmax(0).numpy().astype(np.uint8),
            self.familiarity.strangeness(appearance(values)),
        )

    def read(
        self, picture: Picture, artifact: Callable[[str], Path], *, explain: bool = True
    ) -> Finding:
        """Outlines and measures what it was trained to find in one image.

        Writes the mask (PNG of a plane, NIfTI of a volume or a NIfTI plane, in the file's own
        axes and affine) and the outline drawn over the image.

        Args:
            picture: The image.
            artifact: From a file's name to where it is to be written.
            explain: Of no effect: an outline needs no other reasons.

        Raises:
            ToolError: The image is a volume for a segmenter of planes, or the other way round.
        """
        outlined = self.outline(picture)
        found = {
            name: measured(outlined.mask == label, picture.spacing) | outlined.agreement(label)
            for label, name in enumerate(self.labels.names, start=1)
        }
        overlay = draw_overlays(
            [
                Panel(picture.name, picture, outlined.mask * 0),
                Panel("outlined", picture, outlined.mask),
            ],
            artifact("outline.png"),
        )
        mask = self._write_mask(picture, outlined.mask, artifact)
        strange = outlined.strangeness > 1
        said = [_sentence(name, one) for name, one in found.items()]
        if strange:
            said.insert(0, "This image does not look like those the model was trained on "
                        f"(strangeness {outlined.strangeness:.1f}, above 1 is unlike any of them): "
                        "do not rely on the outline.")  # fmt: skip
        if self.grid.spacing and picture.spacing is None:
            said.append("The file states no spacing: the usual one of training was assumed.")
        values = "255 is the outlined" if self.labels.count == 1 else "values are labels"
        said.append(f"The mask is {mask.name}{f' ({values})' if mask.suffix == '.png' else ''}.")
        data = {
            "outlined": found,
            "labels": self.labels.names,
            "out_of_distribution": strange,
            "strangeness": outlined.strangeness,
            "mask": str(mask),
        }
        return Finding(said, data, [overlay, mask])

    def _write_mask(
        self, picture: Picture, mask: NDArray[np.uint8], artifact: Callable[[str], Path]
    ) -> Path:
        if not picture.is_volume and picture.affine is None:
            path = artifact("mask.png")
            Image.fromarray(mask * 255 if self.labels.count == 1 else mask).save(path)
            return path
        path = artifact("mask.nii.gz")
        stored = mask.T if picture.is_volume else mask.T[..., None]
        affine = picture.affine
        if affine is None:
            affine = np.diag([*reversed(picture.spacing or (1.0, 1.0, 1.0)), 1.0])
        nibabel.save(nibabel.Nifti1Image(np.ascontiguousarray(stored), affine), path)
        return path

    def _refuse_other_kind(self, picture: Picture) -> None:
        if len(picture.spatial) == self.grid.dimensions:
            return
        kinds = {2: "a plane", 3: "a volume"}
        wrong = FieldFault(
            field="image",
            got=f"{picture.name}, {kinds[len(picture.spatial)]}",
            expected=kinds[self.grid.dimensions],
        )
        raise ToolError(f"The model outlines {kinds[self.grid.dimensions]}, nothing else.", wrong)


def _sentence(name: str, found: dict[str, Any]) -> str:
    """Says what was found of one label."""
    if not found["regions"]:
        return f"No {name} was found."
    sure = "" if found["agreement"] >= SURE else " The outline is uncertain:"
    centre = " × ".join(f"{place:g}" for place in found["largest_regions"][0]["centre"])
    regions = "1 region" if found["regions"] == 1 else f"{found['regions']} regions"
    axes = "plane × row × column" if "voxels" in found else "row × column"
    return (
        f"{name}: {show_size(found)}, {found['share']:.1%} of the image, in {regions}, the largest "
        f"around {axes} {centre}.{sure} In mirrored views its size is "
        f"{found['smallest']:.0%} to {found['greatest']:.0%} of this, and Dice between them "
        f"{found['agreement']:.2f}."
    )


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    from scipy import ndimage

    eroded: NDArray[np.bool_] = ndimage.binary_erosion(mask)
    return eroded
