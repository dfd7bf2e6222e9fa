"""What a person asks of the training of a segmenter."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SegmentationRequest:
    """What was asked for.

    Attributes:
        image_folder: Folder or table of images with masks or boxes.
        test_folder: A second one to judge on.
        architecture: A name in ARCHITECTURES.
        epochs: At most so many; None lets the number of cases decide.
        seed: Decides every random choice.
    """

    image_folder: str
    test_folder: str | None = None
    architecture: str = "unet"
    epochs: int | None = None
    seed: int = 0
