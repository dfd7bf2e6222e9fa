"""A fitted generator of molecules."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load, save

from models.fitting.effort import Effort
from models.molecules.generation.alphabet import Alphabet
from models.molecules.generation.networks.architectures import Drawer, make_writer
from models.store.files import write_bytes, write_json

WEIGHTS, SETTINGS = "weights.safetensors", "generator.json"
AT_ONCE = 200
MOST_TRIES = 10
"""Times as many rows are drawn at most as molecules are wanted."""


@dataclass(frozen=True)
class Drawn:
    """What a generator wrote.

    Attributes:
        texts: As many SMILES as were asked for, as they came; empty those that lack.
        rows: How many rows it wrote for them.
        molecules: How many of these rows are molecules.
    """

    texts: list[str]
    rows: int
    molecules: int

    @property
    def raw_validity(self) -> float:
        """The share of rows that are molecules, before others are written anew."""
        return self.molecules / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class FittedMoleculeGenerator:
    """A generator that writes molecules.

    Attributes:
        architecture: A name in ARCHITECTURES.
        alphabet: What its numbers mean.
        network: Trained.
        longest: Tokens of the longest molecule that it learnt from.
    """

    architecture: str
    alphabet: Alphabet
    network: Drawer
    longest: int

    def draw(self, count: int, effort: Effort, temperature: float = 1.0) -> Drawn:
        """Draws molecules as they come: SMILES, some perhaps twice.

        A row that is no molecule is drawn again; where most are none, the texts that lack are
        empty.

        Args:
            count: How many.
            effort: Its seed decides them; the first n of more are the same n.
            temperature: Below 1 the likely is drawn more often.
        """
        random = torch.Generator().manual_seed(effort.seed)
        found: list[str] = []
        rows = 0
        for _ in range(MOST_TRIES * -(-count // AT_ONCE)):
            written = self.network.draw(AT_ONCE, self.longest, random, temperature)
            rows += len(written)
            found += [text for row in written.numpy() if (text := self.alphabet.decode(row))]
            effort.progress(min(1.0, len(found) / count), f"{len(found)} molecules drawn")
            if len(found) >= count:
                break
        return Drawn(found[:count] + [""] * (count - len(found)), rows, len(found))

    def save(self, folder: Path) -> None:
        """Writes the generator, weights in half precision."""
        weights = {
            name: value.half().contiguous() for name, value in self.network.state_dict().items()
        }
        write_bytes(folder / WEIGHTS, save(weights))
        write_json(
            folder / SETTINGS,
            {
                "architecture": self.architecture,
                "tokens": list(self.alphabet.tokens),
                "longest": self.longest,
                "language": self.alphabet.language,
            },
        )

    @classmethod
    def load(cls, folder: Path) -> "FittedMoleculeGenerator":
        """Reads what `save` wrote."""
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        alphabet = Alphabet(tuple(settings["tokens"]), settings.get("language", "selfies"))
        network = make_writer(settings["architecture"], alphabet.size)
        weights = load((folder / WEIGHTS).read_bytes())
        network.load_state_dict({name: value.float() for name, value in weights.items()})
        return cls(settings["architecture"], alphabet, network.eval(), settings["longest"])


def bigrams(rows: list[np.ndarray], size: int, count: int, seed: int) -> list[list[int]]:
    """Draws rows by how often a token follows another: what no network is needed for.

    Args:
        rows: Rows to count in.
        size: Of the alphabet.
        count: How many to draw.
        seed: Decides them.
    """
    follows = np.zeros((size, size))
    start = size - 1
    for codes in rows:
        np.add.at(follows, (np.concatenate([[start], codes[:-1]]), codes), 1)
    chances = follows / np.maximum(follows.sum(1, keepdims=True), 1)
    longest = max(map(len, rows))
    draw = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        row: list[int] = [start]
        while len(row) <= longest and (len(row) == 1 or row[-1] != 0):
            row.append(int(draw.choice(size, p=chances[row[-1]])))
        made.append(row[1:])
    return made
