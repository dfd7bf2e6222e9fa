"""The parts of a labelled corpus: trained on, and held out to measure what was learnt."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from models.fitting.effort import Effort
from models.store.files import write_text
from models.text.keeping import CARD

Item = TypeVar("Item")
Fit = Callable[[Sequence[Item], Path, Effort, Mapping[str, Any]], dict[str, Any]]
"""Trains on items, writes the model into a folder and returns its config."""

HELD_OUT = 0.2
"""Share of the items, the last ones, that are held out where there is no file of them."""


@dataclass(frozen=True)
class Parts(Generic[Item]):
    """A corpus in two parts, and the files it was read from."""

    files: list[Path]
    training: list[Item]
    held_out: list[Item]


def read_parts(
    data: Path, training: str, held_out: str, read: Callable[[Path], list[Item]]
) -> Parts[Item]:
    """Reads the training file and, where it is there, the file of what is held out.

    Args:
        data: The folder.
        training: Name of the file to train on.
        held_out: Name of the file to measure on; without it the last of the training file's
            items are held out.
        read: Reads a file.

    Raises:
        ToolError: The training file is missing, or a file is not of the layout.
    """
    first = read(data / training)
    if (data / held_out).exists():
        return Parts([data / training, data / held_out], first, read(data / held_out))
    kept = round(len(first) * (1 - HELD_OUT))
    return Parts([data / training], first[:kept], first[kept:])


def train_measured(
    parts: Parts[Item],
    output: Path,
    effort: Effort,
    fit: Fit[Item],
    measure: Callable[[Path, Sequence[Item]], dict[str, float]],
    card: Callable[[Mapping[str, Any]], str],
) -> dict[str, float]:
    """Trains twice: without the part that is held out, for the figures, then on everything.

    Args:
        parts: The corpus.
        output: Gets the model that was trained on everything, and the card.
        effort: Its seed decides every random choice.
        fit: Trains and writes a model.
        measure: From a model's folder and items to figures.
        card: From the model's config to its card.

    Returns:
        The figures on the part that was held out.
    """
    share = len(parts.training) / (2 * len(parts.training) + len(parts.held_out))
    with tempfile.TemporaryDirectory() as folder:
        fit(parts.training, Path(folder), effort.part(0, share), {})
        figures = measure(Path(folder), parts.held_out)
    about = {
        "trained_on": [path.name for path in parts.files],
        "held_out": len(parts.held_out),
        "figures": figures,
    }
    config = fit(parts.training + parts.held_out, output, effort.part(share, 1), about)
    write_text(output / CARD, card(config))
    return figures
