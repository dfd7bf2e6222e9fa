"""A fitted image classifier: calibrated probabilities, and whether it knows such images."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import load_file, save_file
from sklearn.pipeline import Pipeline
from torch import Tensor, nn

from models.errors import FieldFault, ToolError
from models.images.classification.learning.blend import NETWORK, Blend
from models.images.classification.learning.classical import classical_scores
from models.images.classification.learning.fitting import Recipe
from models.images.classification.learning.members import log_mean, look
from models.images.classification.learning.simple_features import simple_features
from models.images.classification.reading import Reading, read
from models.images.classification.strangeness import Neighbours, Strangeness
from models.images.finding import Finding
from models.images.formats.picture import Picture
from models.images.networks.tensors import to_tensor
from models.store.weights import load_sklearn, save_sklearn

FloatArray = NDArray[np.float64]
REFERENCE = "reference.safetensors"


class FittedImageClassifier:
    """Networks, perhaps with classical models beside them, calibrated together.

    Args:
        classes: Class names; with two, the second is the positive one.
        recipe: What the networks are.
        networks: One, or one of each fold of a cross-validation.
        classical: Classical models that are blended in, by name.
        blend: From scores to calibrated probabilities.
        strangeness: What the training images look like.
    """

    def __init__(
        self,
        classes: Sequence[str],
        recipe: Recipe,
        networks: Sequence[nn.Module],
        classical: Mapping[str, Pipeline],
        blend: Blend,
        strangeness: Strangeness,
    ) -> None:
        self.classes = list(classes)
        self.recipe = recipe
        self.networks = list(networks)
        self.classical = dict(classical)
        self.blend = blend
        self.strangeness = strangeness

    @property
    def side(self) -> int:
        """Pixels along each axis of what the networks see."""
        return self.recipe.side

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return self.recipe.channels

    @property
    def dimensions(self) -> int:
        """2 for planes, 3 for volumes."""
        return self.recipe.dimensions

    @classmethod
    def load(cls, folder: Path) -> "FittedImageClassifier":
        """Reads a kept model."""
        manifest = json.loads((folder / "model.json").read_text())
        recipe = Recipe(**manifest["recipe"])
        networks = []
        for path in sorted(folder.glob("network_*.safetensors")):
            network = recipe.network()
            network.load_state_dict(load_file(path))
            networks.append(network.eval())
        blend = Blend.model_validate(manifest["blend"])
        classical = {
            name: load_sklearn(folder / f"{name}.skops")
            for name in blend.weights
            if name != NETWORK
        }
        return cls(
            manifest["target"]["classes"], recipe, networks, classical, blend,
            _load_strangeness(folder / REFERENCE, len(networks)),
        )  # fmt: skip

    def save(self, folder: Path) -> None:
        """Writes the weights; what else `load` needs is in `described`."""
        for index, network in enumerate(self.networks):
            weights = {name: value.contiguous() for name, value in network.state_dict().items()}
            save_file(weights, folder / f"network_{index}.safetensors")
        for name, pipeline in self.classical.items():
            save_sklearn(pipeline, folder / f"{name}.skops")
        _save_strangeness(self.strangeness, folder / REFERENCE)

    def described(self) -> dict[str, Any]:
        """Returns what the manifest has to say of the weights."""
        return {"recipe": asdict(self.recipe), "blend": self.blend.model_dump()}

    def probability(self, images: Tensor) -> FloatArray:
        """Returns calibrated probabilities, shape (n, k).

        Args:
            images: uint8, shape (n, channels, side, side[, side]).
        """
        seen = [look(network, images) for network in self.networks]
        return self.blend.apply({NETWORK: log_mean(seen), **self._beside(images)})

    @property
    def network_share(self) -> float:
        """How much of the blend's weight the networks have, 0-1."""
        return self.blend.weights.get(NETWORK, 0.0) / max(sum(self.blend.weights.values()), 1e-9)

    def features(self, images: Tensor) -> NDArray[np.float32]:
        """Returns what the first network's last layer makes the scores from, shape (n, d)."""
        return look(self.networks[0], images).features

    def assess(self, images: Tensor) -> Reading:
        """Returns probabilities, their spread and how strange the images are."""
        seen = [look(network, images) for network in self.networks]
        beside = self._beside(images)
        probability = self.blend.apply({NETWORK: log_mean(seen), **beside})
        likeliest = probability.argmax(1)
        views = np.concatenate([one.views for one in seen])
        each = [
            self.blend.apply({NETWORK: np.log(np.clip(view, 1e-6, 1)), **beside}) for view in views
        ]
        spread = np.std([view[np.arange(len(view)), likeliest] for view in each], axis=0)
        strange = self.strangeness.of([one.features for one in seen], simple_features(images))
        return Reading(probability, spread, strange)

    def tensor_of(self, picture: Picture) -> Tensor:
        """Returns an image as the networks see it, shape (1, channels, side, side[, side]).

        Raises:
            ToolError: It has planes and the model was trained on images without, or the reverse.
        """
        if picture.is_volume != (self.dimensions == 3):
            kinds = {True: "a volume with planes", False: "a plane"}
            wrong = FieldFault(
                field="image", got=kinds[picture.is_volume], expected=kinds[self.dimensions == 3]
            )
            raise ToolError(f"{picture.name} is {kinds[picture.is_volume]}; the model was trained "
                            f"on images of the other kind.", wrong)  # fmt: skip
        return to_tensor(picture, self.side, self.channels)[None]

    def read(
        self, picture: Picture, artifact: Callable[[str], Path], *, explain: bool = True
    ) -> Finding:
        """Reads one image (see `models.images.finding.ImageReader`)."""
        return read(self, picture, artifact, explain=explain)

    def _beside(self, images: Tensor) -> Mapping[str, FloatArray]:
        """Returns the scores of the classical models."""
        return classical_scores(self.classical, simple_features(images)) if self.classical else {}


def _save_strangeness(strangeness: Strangeness, path: Path) -> None:
    arrays = {"held_out": strangeness.held_out, "edges": np.asarray(strangeness.edges)}
    named = {"simple": strangeness.simple}
    named |= {f"network_{index}": known for index, known in enumerate(strangeness.members)}
    for name, known in named.items():
        arrays |= {
            f"{name}.points": known.points.astype(np.float16),
            f"{name}.centre": known.centre,
            f"{name}.scale": known.scale,
        }
    save_arrays({key: np.ascontiguousarray(value) for key, value in arrays.items()}, path)


def _load_strangeness(path: Path, networks: int) -> Strangeness:
    arrays = load_arrays(path)

    def known(name: str) -> Neighbours:
        points = arrays[f"{name}.points"].astype(np.float32)
        return Neighbours(points, arrays[f"{name}.centre"], arrays[f"{name}.scale"])

    first, second = arrays["edges"]
    members = [known(f"network_{index}") for index in range(networks)]
    return Strangeness(members, known("simple"), (float(first), float(second)), arrays["held_out"])
