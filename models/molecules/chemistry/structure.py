"""Molecules from SMILES: parsed, identified and standardised, with RDKit's reason where not."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rdkit import Chem, rdBase
from rdkit.Chem.MolStandardize import rdMolStandardize
from rdkit.Chem.rdinchi import InchiToInchiKey, MolToInchi
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from models.molecules.chemistry.complexes import unlike_its_parent

LONGEST_SMILES = 20_000
"""Characters; what is longer is no small molecule, and its rings would take minutes to perceive."""

Form = Literal["given", "parent", "tautomer"]
"""What a molecule is taken as: all of it as given, its neutral main part, that part's canonical
tautomer."""

_LOG_LOCK = threading.Lock()


class SmilesError(ValueError):
    """A text that is no valid SMILES; the message is RDKit's reason."""


@dataclass(frozen=True)
class Structure:
    """What a molecule is, before any property is computed.

    Attributes:
        smiles: Canonical, with stereochemistry.
        inchi: Empty where InChI cannot describe the molecule.
        inchikey: Its hash.
        formula: Hill order.
        formal_charge: Net, in elementary charges.
        fragments: Number of molecules or ions that are not bonded to each other.
        parent_smiles: The largest organic fragment, neutralised, stereochemistry kept.
        notes: What a reader should know: salt, mixture, charge.
    """

    smiles: str
    inchi: str
    inchikey: str
    formula: str
    formal_charge: int
    fragments: int
    parent_smiles: str
    notes: list[str]


def parse_smiles(text: str) -> Chem.Mol:
    """Parses one SMILES or InChI; blanks, quotes and full stops around it are forgiven.

    Raises:
        SmilesError: With RDKit's reason.
    """
    smiles = text.strip().rstrip(",;?!. ").strip("\"'`")
    if not smiles:
        raise SmilesError("it is empty")
    if len(smiles) > LONGEST_SMILES:
        raise SmilesError(f"it is longer than {LONGEST_SMILES} characters")
    is_inchi = smiles.startswith("InChI=")
    with rdBase.BlockLogs():
        read = Chem.MolFromInchi if is_inchi else Chem.MolFromSmiles
        molecule = read(smiles)
    if molecule is None:
        raise SmilesError("it is no valid InChI" if is_inchi else _reason(smiles))
    if not molecule.GetNumAtoms():
        raise SmilesError("it has no atoms")
    return molecule


def identify(molecule: Chem.Mol) -> Structure:
    """Says what a molecule is: identifiers, charge, parts and its neutral parent."""
    with rdBase.BlockLogs():
        try:
            inchi = MolToInchi(molecule)[0]
        except Chem.KekulizeException:  # after InChI's own normalisation of exotic rings
            inchi = ""
        inchikey = InchiToInchiKey(inchi) if inchi else ""
    smiles = Chem.MolToSmiles(molecule)
    charge = Chem.GetFormalCharge(molecule)
    fragments = len(Chem.GetMolFrags(molecule))
    parent = Chem.MolToSmiles(standardize(molecule)) if fragments > 1 or charge else smiles
    notes = []
    if why := unlike_its_parent(molecule):
        notes.append(
            f"{why[0].upper()}{why[1:]}. Rules and estimates here are made for organic molecules "
            "and say little of it."
        )
    if fragments > 1:
        notes.append(
            f"It is a salt or mixture of {fragments} parts; its properties are computed on all of "
            f"it as given, its parent is {shorten(parent)}{left_out(molecule)}."
        )
    elif charge:
        neutral = f"; its neutral form is {shorten(parent)}" if parent != smiles else ""
        notes.append(f"It carries a net charge of {charge:+d}{neutral}.")
    formula = CalcMolFormula(molecule)
    return Structure(smiles, inchi, inchikey, formula, charge, fragments, parent, notes)


def standardize(molecule: Chem.Mol) -> Chem.Mol:
    """Returns the parent: the largest organic fragment, normalised and neutralised.

    Stereochemistry stays; charges that cannot be neutralised (quaternary nitrogen) stay too.
    A molecule that cannot be normalised keeps its largest fragment as it is.
    """
    with rdBase.BlockLogs():
        try:
            fragment = rdMolStandardize.FragmentParent(molecule)
            return rdMolStandardize.Uncharger().uncharge(fragment)
        except Chem.MolSanitizeException:
            return rdMolStandardize.LargestFragmentChooser().choose(molecule)


def left_out(molecule: Chem.Mol) -> str:
    """Returns what `standardize` leaves out, as in `, without [Na+]`; empty where nothing."""
    with rdBase.BlockLogs():
        try:
            cleaned = rdMolStandardize.Cleanup(molecule)  # parts metals bonded to oxygen, too
        except Chem.MolSanitizeException:
            cleaned = molecule
        largest = Chem.MolToSmiles(rdMolStandardize.LargestFragmentChooser().choose(cleaned))
    parts = [Chem.MolToSmiles(part) for part in Chem.GetMolFrags(cleaned, asMols=True)]
    if largest in parts:
        parts.remove(largest)
    counted = [
        f"{parts.count(part)} × {part}" if parts.count(part) > 1 else part
        for part in dict.fromkeys(parts)
    ]
    return f", without {' and '.join(map(shorten, counted))}" if counted else ""


def in_form(molecule: Chem.Mol, form: Form) -> Chem.Mol:
    """Returns a molecule in a form; stereochemistry stays.

    The canonical tautomer (RDKit's scores) is the same for all tautomers of a molecule; it need not
    be the one that prevails in water.
    """
    if form == "given":
        return molecule
    with rdBase.BlockLogs():
        taken = standardize(molecule)
        if form == "tautomer":
            with suppress(Chem.MolSanitizeException):
                taken = _tautomers().Canonicalize(taken)
        # Read anew: RDKit's edits leave rings and aromaticity as they were perceived before.
        read = Chem.MolFromSmiles(Chem.MolToSmiles(taken))
    return taken if read is None else read


@cache
def _tautomers() -> rdMolStandardize.TautomerEnumerator:
    enumerator = rdMolStandardize.TautomerEnumerator()
    # Else the centre beside an amide's carbonyl, as in every peptide, loses its configuration.
    enumerator.SetRemoveSp3Stereo(False)
    enumerator.SetRemoveBondStereo(False)
    return enumerator


def shorten(text: str, length: int = 60) -> str:
    """Returns a text cut to `length` characters, with an ellipsis where it was longer."""
    text = text.strip()
    return text if len(text) <= length else text[: length - 1] + "…"


def _reason(smiles: str) -> str:
    """Returns why RDKit refuses a SMILES: from its parser, else from its sanitisation."""
    with _complaints() as lines:
        molecule = Chem.MolFromSmiles(smiles, sanitize=False)
    if molecule is not None:
        try:
            with rdBase.BlockLogs():
                Chem.SanitizeMol(molecule)
        except Chem.MolSanitizeException as error:
            return str(error).strip() + _pyrrole(smiles)
    messages = [line.split("SMILES Parse Error:")[-1].strip() for line in lines]
    place = next((text.rstrip(":") for text in messages if text.startswith("check for")), None)
    first = messages[0].split(" for input:")[0].split(" while parsing:")[0] if messages else ""
    return f"{first}, {place}" if place else first or "it cannot be parsed"


def _pyrrole(smiles: str) -> str:
    """Returns the hint that an aromatic nitrogen wants its hydrogen written, where that is it."""
    for place in (n for n, letter in enumerate(smiles) if letter == "n"):
        written = f"{smiles[:place]}[nH]{smiles[place + 1 :]}"
        with rdBase.BlockLogs():
            if Chem.MolFromSmiles(written) is not None:
                return f"; a nitrogen with hydrogen is written [nH]: {shorten(written)}?"
    return ""


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Yields the list that RDKit's error messages go to, instead of the terminal."""
    lines: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    logger = logging.getLogger("rdkit")
    with _LOG_LOCK:
        rdBase.LogToPythonLogger()
        before, logger.handlers = logger.handlers, [Collect()]
        try:
            yield lines
        finally:
            logger.handlers = before
            rdBase.LogToCppStreams()
