"""A kept generator: draws images, and holds back those that are copies of training images."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from models.errors import FieldFault, ToolError, fault
from models.fitting.effort import Effort
from models.images.synthesis.generator import Generator, Shape
from models.images.synthesis.memorisation import Memory, Nearness

WEIGHTS, TRAINING = "weights.safetensors", "training_images.safetensors"
ROUNDS = 3
"""How often images are drawn again in place of copies."""


@dataclass(frozen=True)
class Made:
    """Images that were drawn.

    Attributes:
        images: uint8, shape (n, channels, side, side); fewer than wanted where too many are copies.
        labels: Class of each; empty without classes.
        near: The training image nearest to each.
        withheld: Copies of training images that were drawn and are not among the images.
    """

    images: torch.Tensor
    labels: list[str]
    near: Nearness
    withheld: int

    @property
    def sha256(self) -> str:
        """Of the pixels: the same call gives the same images."""
        return hashlib.sha256(self.images.contiguous().numpy().tobytes()).hexdigest()


class FittedImageGenerator:
    """A generator and what its images are compared with.

    Args:
        generator: Draws images.
        classes: Names of the classes; one name for all images without classes.
        counts: Training images of each class.
        training: Training images, uint8, shape (n, channels, side, side).
        memory: Of the training images.
    """

    def __init__(
        self,
        generator: Generator,
        classes: Sequence[str],
        counts: Sequence[int],
        training: torch.Tensor,
        memory: Memory,
    ) -> None:
        self.generator = generator
        self.classes = list(classes)
        self.counts = list(counts)
        self.training = training
        self.memory = memory

    def save(self, folder: Path) -> None:
        """Writes weights and training images; what `settings` returns goes into the manifest."""
        save_file(self.generator.arrays(), folder / WEIGHTS)
        save_file(
            {
                "images": self.training.contiguous(),
                "thumbnails": torch.from_numpy(self.memory.training),
                "usual": torch.from_numpy(self.memory.usual),
            },
            folder / TRAINING,
        )

    @property
    def settings(self) -> dict[str, object]:
        """What is needed to load it, as JSON can hold it."""
        return {
            "shape": self.generator.shape.as_json(),
            "classes": self.classes,
            "counts": self.counts,
        }

    @classmethod
    def load(cls, folder: Path) -> "FittedImageGenerator":
        """Reads a kept generator."""
        settings = json.loads((folder / "model.json").read_text())["generator"]
        shape = Shape(**settings["shape"])
        generator = Generator.from_arrays(shape, load_file(folder / WEIGHTS))
        kept = load_file(folder / TRAINING)
        memory = Memory(kept["thumbnails"].numpy(), kept["usual"].numpy())
        return cls(generator, settings["classes"], settings["counts"], kept["images"], memory)

    def position(self, label: str | None, field: str = "label") -> int | None:
        """Returns the position of a class; None for none in particular.

        Raises:
            ToolError: There is no such class; names the nearest.
        """
        return position_of(label, self.classes, field)

    def make(self, count: int, label: str | None, effort: Effort) -> Made:
        """Draws images of a class, or of all classes in the shares of the training images.

        A copy of a training image is held back and another drawn in its place, three times over.

        Args:
            count: How many.
            label: The class; None for all.
            effort: Seed and progress.

        Raises:
            ToolError: There is no such class, or all that was drawn are copies.
        """
        chosen = self.position(label)
        wanted = np.full(count, chosen) if chosen is not None else shared(self.counts, count)
        images: list[torch.Tensor] = []
        classes: list[NDArray[np.intp]] = []
        withheld = 0
        for number in range(ROUNDS):
            part = effort.part(number / ROUNDS, 1) if number else effort
            drawn = self.generator.draw(wanted, (effort.seed, number), part.progress)
            copies = self.memory.copies(self.memory.near(drawn))
            images.append(drawn[torch.from_numpy(~copies)])
            classes.append(wanted[~copies])
            withheld += int(copies.sum())
            wanted = wanted[copies]
            if not len(wanted):
                break
        found, kinds = torch.cat(images), np.concatenate(classes)
        if not len(found):
            wrong = FieldFault(field="count", got=str(count), expected="another seed or model")
            message = f"All {withheld} images drawn are copies of training images: none is given."
            raise ToolError(message, wrong, kind="refused_data")
        order = np.argsort(kinds, kind="stable")
        found, kinds = found[torch.from_numpy(order)], kinds[order]
        labels = [self.classes[k] for k in kinds] if len(self.classes) > 1 else []
        return Made(found, labels, self.memory.near(found), withheld)


def position_of(label: str | None, classes: Sequence[str], field: str = "label") -> int | None:
    """Returns the position of a class by its name, in whatever case; None for None.

    Raises:
        ToolError: There is no such class; names the nearest.
    """
    if label is None:
        return None
    if len(classes) < 2:
        wrong = FieldFault(field=field, got=repr(label), expected="nothing: there are no classes")
        raise ToolError("The images have no classes, so none can be chosen.", wrong)
    known = {name.casefold(): k for k, name in enumerate(classes)}
    if label.casefold() not in known:
        wrong = fault(field, label, f"one of {', '.join(classes)}", classes)
        raise ToolError(f"There is no class {label}.", wrong, kind="not_found")
    return known[label.casefold()]


def shared(counts: Sequence[int], count: int) -> NDArray[np.intp]:
    """Shares out `count` among the classes by their counts (largest remainders); shape (count,)."""
    exact = np.array(counts) * count / sum(counts)
    given = np.floor(exact).astype(int)
    rest = np.argsort(given - exact, kind="stable")[: count - int(given.sum())]
    given[rest] += 1
    return np.repeat(np.arange(len(counts)), given)
