"""A fitted affinity model: what was measured, and what turns it into predictions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from safetensors.numpy import load, save

from models.errors import FieldFault, ToolError, nearest
from models.molecules.affinity.evidence import Seen
from models.molecules.affinity.learner import SPREAD, Judge, Learner
from models.molecules.affinity.pairs import Pairs
from models.molecules.affinity.sequences import is_sequence, plain
from models.molecules.affinity.settings import SETTINGS, Setting, setting_of
from models.molecules.affinity.similarity import (
    molecule_prints,
    molecule_similarity,
    sequence_similarity,
    sequence_words,
)
from models.molecules.design.learned import Scale
from models.molecules.properties.intake.door import inchikey_of, prepared
from models.store.files import write_bytes, write_json
from models.store.weights import load_sklearn, save_sklearn

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
PAIRS, NAMES = "pairs.safetensors", "pairs.json"
JUDGES = "judges.json"
AT_ONCE = 20_000
"""Pairs."""


@dataclass(frozen=True)
class Bound:
    """Predicted affinities of n pairs.

    Attributes:
        value: Shape (n,), in the unit that was learnt.
        deviation: Standard deviation that is expected of its error, shape (n,).
        low: Lower end of the 95% interval, shape (n,).
        high: Upper end.
        setting: Position in SETTINGS, shape (n,).
        measured: What was measured of the very pair, NaN where it was not, shape (n,).
        molecule_similarity: To the nearest measured molecule, 0-1, shape (n,).
        protein_similarity: To the nearest measured protein, 0-1, shape (n,).
    """

    value: FloatArray
    deviation: FloatArray
    low: FloatArray
    high: FloatArray
    setting: IntArray
    measured: FloatArray
    molecule_similarity: FloatArray
    protein_similarity: FloatArray


class FittedAffinityModel:
    """Measured pairs and a judge for each setting.

    Args:
        pairs: What was measured.
        judges: By setting.
        target: Name of the column that was learnt.
    """

    def __init__(self, pairs: Pairs, judges: Mapping[Setting, Judge], target: str) -> None:
        self.pairs, self.judges, self.target = pairs, dict(judges), target
        self._prints = molecule_prints(pairs.smiles)
        self._words = sequence_words(pairs.sequences)
        self._learner = Learner(
            pairs,
            molecule_similarity(self._prints, self._prints),
            sequence_similarity(self._words, self._words),
        )

    @property
    def learner(self) -> Learner:
        """The measured pairs with their similarities."""
        return self._learner

    def predict(self, molecules: Sequence[Chem.Mol], proteins: Sequence[tuple[str, str]],
                rows: IntArray, columns: IntArray) -> Bound:  # fmt: skip
        """Predicts pairs of molecules and proteins.

        Args:
            molecules: m molecules; they are standardised.
            proteins: n proteins, each name and sequence (empty where unknown).
            rows: Which molecule each pair has, shape (p,).
            columns: Which protein, shape (p,).
        """
        left, right = self.seen_molecules(molecules), self.seen_proteins(proteins)
        parts = [
            self._predict(left, right, rows[start : start + AT_ONCE],
                          columns[start : start + AT_ONCE])
            for start in range(0, len(rows), AT_ONCE)
        ]  # fmt: skip
        return Bound(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def judge(
        self, molecules: Sequence[Chem.Mol], protein: tuple[str, str]
    ) -> list[tuple[float, float]]:
        """Returns the predicted affinity of each molecule for a protein, and its deviation."""
        rows = np.arange(len(molecules), dtype=np.intp)
        made = self.predict(molecules, [protein], rows, np.zeros_like(rows))
        return list(zip(made.value.tolist(), made.deviation.tolist(), strict=True))

    def scale(self) -> Scale:
        """Returns what is usual of an affinity, and of a prediction for a new molecule."""
        value = self.pairs.value
        return Scale(float(value.mean()), float(value.std()), SPREAD * self.judges["drug"].error)

    def known_protein(self, name: str) -> tuple[str, str] | None:
        """Returns a measured protein's name and sequence, letter case forgiven."""
        place = self._by_name.get(name.strip().casefold())
        return None if place is None else (self.pairs.proteins[place], self.pairs.sequences[place])

    def protein(self, text: str, field: str = "protein") -> tuple[str, str]:
        """Finds a protein by its name, or takes a sequence.

        Raises:
            ToolError: It is neither; names the nearest.
        """
        if known := self.known_protein(text):
            return known
        if is_sequence(text):
            return plain(text), plain(text)
        named = [name for name in self.pairs.proteins if not is_sequence(name)]
        shown = ", ".join(named[:5])
        wrong = FieldFault(
            field=field, got=repr(text), suggestion=nearest(text, named),
            expected="a protein's sequence" + (f", or a measured one: {shown}, ..." if named
                                               else " in one-letter code"),
        )  # fmt: skip
        raise ToolError(f"The model knows no protein {text}.", wrong, kind="not_found")

    def save(self, folder: Path) -> None:
        """Writes everything that `load` reads."""
        pairs = self.pairs
        arrays = {"molecule": pairs.molecule, "protein": pairs.protein, "value": pairs.value,
                  "row": pairs.row}  # fmt: skip
        write_bytes(folder / PAIRS, save(arrays))
        write_json(
            folder / NAMES,
            {
                "smiles": pairs.smiles, "proteins": pairs.proteins, "keys": pairs.keys,
                "sequences": pairs.sequences, "target": self.target,
            },
        )  # fmt: skip
        settings: dict[str, Any] = {}
        for setting, judge in self.judges.items():
            held = {"boosters": judge.boosters, "scale": judge.scale}
            save_sklearn(held, folder / f"{setting}.skops")
            settings[setting] = {
                "columns": judge.columns, "weight": judge.weight, "error": judge.error,
                "half_width": judge.half_width,
            }  # fmt: skip
        write_json(folder / JUDGES, settings)

    @classmethod
    def load(cls, folder: Path) -> "FittedAffinityModel":
        """Reads what `save` wrote."""
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        arrays = load((folder / PAIRS).read_bytes())
        pairs = Pairs(
            names["smiles"], names["proteins"], names["sequences"], arrays["molecule"],
            arrays["protein"], arrays["value"], arrays["row"], names["keys"],
        )  # fmt: skip
        settings = json.loads((folder / JUDGES).read_text(encoding="utf-8"))
        judges: dict[Setting, Judge] = {}
        for setting in SETTINGS:
            held = load_sklearn(folder / f"{setting}.skops")
            judges[setting] = Judge(**settings[setting], **held)
        return cls(pairs, judges, names["target"])

    @cached_property
    def _by_name(self) -> dict[str, int]:
        return {name.casefold(): n for n, name in enumerate(self.pairs.proteins)}

    @cached_property
    def _places(self) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
        pairs = self.pairs
        proteins = zip(pairs.proteins, pairs.sequences, strict=True)
        return (
            {key: n for n, key in enumerate(pairs.keys)},
            {one: n for n, one in enumerate(proteins)},
        )

    def seen_molecules(self, molecules: Sequence[Chem.Mol]) -> Seen:
        """Places molecules, once standardised, among the measured ones."""
        standard = [prepared(one) for one in molecules]
        index = [self._places[0].get(inchikey_of(one), -1) for one in standard]
        prints = molecule_prints([Chem.MolToSmiles(one) for one in standard])
        return Seen(molecule_similarity(prints, self._prints), np.array(index, dtype=np.intp))

    def seen_proteins(self, proteins: Sequence[tuple[str, str]]) -> Seen:
        """Places proteins, each name and sequence, among the measured ones."""
        index = [self._places[1].get(one, -1) for one in proteins]
        words = sequence_words([sequence for _, sequence in proteins])
        return Seen(sequence_similarity(words, self._words), np.array(index, dtype=np.intp))

    def _predict(self, left: Seen, right: Seen, rows: IntArray,
                 columns: IntArray) -> tuple[NDArray[Any], ...]:  # fmt: skip
        evidence = self._learner.evidence(left, right, rows, columns)
        known = left.index[rows], right.index[columns]
        setting = setting_of(known[0] >= 0, known[1] >= 0)
        value, error, reach = (np.empty(len(rows)) for _ in range(3))
        for place, name in enumerate(SETTINGS):
            mine = setting == place
            if mine.any():
                judge = self.judges[name]
                value[mine] = judge.value(evidence[mine])
                error[mine] = judge.expected_error(evidence[mine])
                reach[mine] = error[mine] * judge.half_width
        grid = self._learner.grid
        measured = np.where(setting == 0, grid[known], np.nan)
        near = left.similarity.max(axis=1)[rows], right.similarity.max(axis=1)[columns]
        return (value, SPREAD * error, value - reach, value + reach, setting, measured, *near)
