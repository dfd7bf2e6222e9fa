"""What an image classifier says of one image."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from models.images.classification.explaining import heat_of
from models.images.classification.learning.blend import NETWORK, Blend, FloatArray
from models.images.classification.overlay import draw_heat
from models.images.classification.strangeness import Strangeness
from models.images.finding import Finding
from models.images.formats.picture import Picture
from models.tables.classification.fitted import show_probability

SHOWN_CLASSES = 3
NO_SHARE = 0.01
"""Share of the blend's weight below which the networks do not speak in an answer."""

UNSURE = 0.15
"""Spread of the probability over networks and views from which they are said to disagree."""


@dataclass(frozen=True)
class Reading:
    """What the model makes of n images.

    Attributes:
        probability: Calibrated, shape (n, k).
        spread: Standard deviation of the likeliest class's probability over networks and views,
            shape (n,).
        strangeness: Above 1 an image is unlike the training set, shape (n,).
    """

    probability: FloatArray
    spread: FloatArray
    strangeness: NDArray[np.float32]


class Assessor(Protocol):
    """What a reading needs of an image classifier."""

    classes: list[str]
    networks: list[nn.Module]
    blend: Blend
    strangeness: Strangeness

    @property
    def network_share(self) -> float:
        """How much of the blend's weight the networks have, 0-1."""

    def tensor_of(self, picture: Picture) -> Tensor:
        """Returns an image as the networks see it."""

    def assess(self, images: Tensor) -> Reading:
        """Returns probabilities, their spread and how strange the images are."""


def read(
    model: Assessor,
    picture: Picture,
    artifact: Callable[[str], Path],
    *,
    explain: bool = True,
) -> Finding:
    """Reads one image: probabilities, how sure, whether it is known, and where the reasons lie.

    Args:
        model: The classifier.
        picture: The image.
        artifact: From a file's name to where it is to be written.
        explain: Look for the reasons: it takes some twenty times as long as the probabilities.

    Raises:
        ToolError: The image is not of the kind that the model was trained on.
    """
    images = model.tensor_of(picture)
    reading = model.assess(images)
    probability, strangeness = reading.probability[0], float(reading.strangeness[0])
    ranked = (-probability).argsort()
    likeliest = int(ranked[0])
    spread = float(reading.spread[0])
    chances = ", ".join(
        f"{model.classes[k]} {show_probability(probability[k])}" for k in ranked[:SHOWN_CLASSES]
    )
    views = 2 * len(model.networks)
    share = model.network_share
    known = strangeness <= 1
    said = [
        f"Most like {model.classes[likeliest]} ({chances}).",
        f"Over {views} views (networks and mirror images) that probability varies by "
        f"{spread:.1%} (standard deviation)" + (": they disagree." if spread > UNSURE else "."),
        _likeness(model, strangeness),
    ]
    if share < NO_SHARE:
        said[1] = f"That probability is of {_classical(model)} on simple features alone."
    if not known:
        said = [said[2], *said[:2]]
    data: dict[str, Any] = {
        "predicted": model.classes[likeliest],
        "probability": {
            label: float(p) for label, p in zip(model.classes, probability, strict=True)
        },
        "spread": spread,
        "share_of_networks": share,
        "like_training_images": known,
        "strangeness": strangeness,
        "stranger_than": model.strangeness.rank(strangeness),
    }
    if not explain:
        return Finding(said, data)
    heat = heat_of(model.networks, images, likeliest, picture)
    said += heat.said(model.classes[likeliest])
    if share < NO_SHARE:
        said.append("The networks have no part in the probability: this is only where they look.")
    drawn = draw_heat(picture, heat, model.classes[likeliest], artifact("heat.png"))
    return Finding(said, data | {"heat": heat.data()}, [drawn])


def _classical(model: Assessor) -> str:
    used = [name for name, weight in model.blend.weights.items() if weight > 0 and name != NETWORK]
    return " and ".join(name.replace("_", " ") for name in used)


def _likeness(model: Assessor, strangeness: float) -> str:
    rank = model.strangeness.rank(strangeness)
    measured = f"strangeness {strangeness:.2f}; {rank:.0%} of held-out training images had less"
    if strangeness > 1:
        return (
            f"This does not look like what the model was trained on ({measured}, and 1 is the "
            "edge): its probabilities do not hold here."
        )
    return f"It looks like what the model was trained on ({measured}, and 1 is the edge)."
