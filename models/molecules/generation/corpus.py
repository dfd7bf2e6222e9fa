"""What a generator learns from: a dataset's molecules, read, checked and parted."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from rdkit import Chem

from models.data.tables import Dataset
from models.errors import FieldFault, ToolError
from models.fitting.effort import Effort
from models.molecules.chemistry.structure import SmilesError, parse_smiles
from models.molecules.generation.alphabet import Alphabet, Codes, Language, spelled

HELD_OUT, MOST_HELD_OUT = 0.1, 10_000
FEWEST = 50
RARE = 3
"""A token that fewer molecules of a large corpus have cannot be learnt."""

LARGE = 10_000
LONGEST = 120
"""Tokens."""

REPORTED = 500
NAMED_ROWS = 5


@dataclass(frozen=True)
class Corpus:
    """Molecules to learn from.

    Attributes:
        alphabet: Their tokens.
        training: Canonical SMILES.
        held_out: Canonical SMILES that are not learnt from.
        codes: Of the training molecules, each with its end.
        held_out_codes: Of the others.
        notes: What was done to the data.
    """

    alphabet: Alphabet
    training: list[str]
    held_out: list[str]
    codes: list[Codes]
    held_out_codes: list[Codes]
    notes: list[str] = field(default_factory=list)

    def record(self) -> dict[str, object]:
        """Returns the sizes of the parts."""
        return {
            "method": "random", "train": len(self.training), "test": len(self.held_out),
        }  # fmt: skip


def read_corpus(dataset: Dataset, column: str, seed: int, effort: Effort,
                language: Language) -> Corpus:  # fmt: skip
    """Reads molecules, leaves out what is invalid, double or too long, and parts the rest.

    Of salts the largest part is taken; charges and stereochemistry stay as they are.

    Args:
        dataset: The table.
        column: Where the SMILES are.
        seed: Decides what is held out.
        effort: For progress.
        language: In which the molecules are to be written.

    Raises:
        ToolError: Too few molecules are left.
    """
    known, invalid = _read(dataset.frame[column], effort.part(0, 0.7))
    notes = []
    if invalid:
        named = ", ".join(map(str, invalid[:NAMED_ROWS]))
        more = ", …" if len(invalid) > NAMED_ROWS else ""
        notes.append(f"{len(invalid)} rows are no molecules and were left out (rows {named}{more})")
    double = len(dataset.frame) - len(invalid) - len(known)
    if double:
        notes.append(f"{double} rows repeat a molecule and were left out")
    smiles, texts = _spelled(known, language, effort.part(0.7, 1))
    alphabet = Alphabet.of(texts, RARE if len(texts) >= LARGE else 1, language)
    rows = [alphabet.encode(text) for text in texts]
    kept = [(s, row) for s, row in zip(smiles, rows, strict=True) if row is not None
            and len(row) <= LONGEST]  # fmt: skip
    if len(kept) < len(known):
        notes.append(
            f"{len(known) - len(kept)} molecules have rare atoms or more than {LONGEST - 1} tokens "
            "and were left out"
        )
    if len(kept) < FEWEST:
        wrong = FieldFault(
            field="dataset", got=f"{len(kept)} molecules", expected=f"{FEWEST} or more"
        )
        raise ToolError("There are too few molecules to learn from.", wrong, kind="refused_data")
    order = np.random.default_rng(seed).permutation(len(kept))
    away = min(max(1, round(HELD_OUT * len(kept))), MOST_HELD_OUT)
    held_out, training = ([kept[i] for i in part] for part in (order[:away], order[away:]))
    return Corpus(
        alphabet,
        [s for s, _ in training],
        [s for s, _ in held_out],
        [row for _, row in training],
        [row for _, row in held_out],
        notes,
    )


def _read(texts: Iterable[object], effort: Effort) -> tuple[list[str], list[int]]:
    """Returns canonical SMILES without doubles, and the rows (from 1) that are no molecules."""
    given = list(texts)
    found: dict[str, None] = {}
    invalid = []
    for row, text in enumerate(given, start=1):
        if row % REPORTED == 0:
            effort.progress(row / len(given), "reading molecules")
        try:
            molecule = parse_smiles(str(text))
        except SmilesError:
            invalid.append(row)
            continue
        canonical = Chem.MolToSmiles(molecule)
        found.setdefault(_largest(canonical), None)
    return list(found), invalid


def _largest(smiles: str) -> str:
    """Returns the largest part of a salt or mixture."""
    if "." not in smiles:
        return smiles
    parts = [Chem.MolFromSmiles(part) for part in smiles.split(".")]
    return str(Chem.MolToSmiles(max(parts, key=lambda part: part.GetNumHeavyAtoms())))


def _spelled(smiles: list[str], language: Language, effort: Effort) -> tuple[list[str], list[str]]:
    told, texts = [], []
    for index, one in enumerate(smiles):
        if index % REPORTED == 0:
            effort.progress(index / len(smiles), f"writing molecules as {language.upper()}")
        text = spelled(one, language)
        if text:
            told.append(one)
            texts.append(text)
    return told, texts
