"""What a model says of one image, whatever its family."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from models.images.formats.picture import Picture

CAVEAT = "Not a diagnosis: a model's reading of one image, for research; a physician must judge it."
"""What stands before every reading, and in the card of every model that reads images."""


@dataclass(frozen=True)
class Finding:
    """What was found in one image.

    Attributes:
        said: Sentences with the numbers, the most important first.
        data: The same as JSON.
        pictures: Overlays that were drawn.
    """

    said: list[str]
    data: dict[str, Any]
    pictures: list[Path] = field(default_factory=list)


@runtime_checkable
class ImageReader(Protocol):
    """A trained model that reads images: what `analyze_image` needs, whatever the family."""

    def read(
        self, picture: Picture, artifact: Callable[[str], Path], *, explain: bool = True
    ) -> Finding:
        """Reads one image.

        Args:
            picture: The image.
            artifact: From a file's name to where it is to be written.
            explain: Look for the reasons, too, where that takes time of its own.

        Raises:
            ToolError: The image is not of the kind that the model was trained on (a volume for a
                model of planes, say).
        """
