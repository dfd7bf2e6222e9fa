"""Roles of an abstract's sentences, by the shipped model or one of the user's."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.text.keeping import SHIPPED, TextModel, load_text_model
from models.text.ner.chain import best_tags
from models.text.roles.abstracts import ROLES
from models.text.roles.trained import TrainedNetwork
from models.text.roles.vectors import sentence_vectors

TOGETHER = 256
"""Abstracts that are read in one go."""


class Role(NamedTuple):
    """What a sentence is to its abstract.

    Attributes:
        label: One of `ROLES`.
        confidence: The model's probability of that label in this abstract, above 0 and up to 1.
    """

    label: str
    confidence: float


class RoleReader:
    """Tells the role of every sentence of an abstract, from all of them together.

    Attributes:
        fingerprint: Changes with the weights.
    """

    def __init__(self, model: TextModel) -> None:
        self.fingerprint = model.fingerprint
        self._vectors = sentence_vectors()
        self._networks = [
            TrainedNetwork({name.removeprefix(f"{member}/"): array
                            for name, array in model.head.items() if name.startswith(f"{member}/")})
            for member in range(model.config["members"])
        ]  # fmt: skip
        self._moves = np.mean([network.moves for network in self._networks], axis=0)

    def read(self, abstracts: Sequence[Sequence[str]]) -> list[list[Role]]:
        """Returns the roles of the sentences of each abstract, in order.

        Args:
            abstracts: Each the sentences of one abstract, in order.
        """
        found: list[list[Role]] = [[] for _ in abstracts]
        # Abstracts of about equal length go together: shorter ones are padded.
        filled = sorted(
            (n for n, own in enumerate(abstracts) if own), key=lambda n: len(abstracts[n])
        )
        for start in range(0, len(filled), TOGETHER):
            some = filled[start : start + TOGETHER]
            rows = self._vectors.of([abstracts[number] for number in some])
            lengths = [len(own) for own in rows]
            scores = np.mean([network.scores(rows) for network in self._networks], axis=0)
            labels, shares = best_tags(scores, lengths, self._moves)
            for row, (number, length) in enumerate(zip(some, lengths, strict=True)):
                found[number] = [
                    Role(ROLES[label], float(share))
                    for label, share in zip(labels[row, :length], shares[row, :length], strict=True)
                ]
        return found


@cache
def load_roles(folder: Path = SHIPPED / "roles") -> RoleReader:
    """Loads a reader once per process.

    Args:
        folder: What `theriac text train roles` wrote; the shipped model otherwise.

    Raises:
        PrerequisiteError: The model is missing or damaged.
    """
    return RoleReader(load_text_model(folder))
