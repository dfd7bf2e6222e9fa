"""The proteins that the package dockstring carries prepared, under the names people use."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rapidfuzz import fuzz, process

from models.errors import FieldFault, ToolError
from models.molecules.docking.proteins.box import Box

TABLE = Path(__file__).with_name("targets.tsv")
SIDE = re.compile(r"^(center|size)_([xyz])\s*=\s*(-?[\d.]+)", re.MULTILINE)
LIKENESS = 60
"""Lowest similarity, 0-100, at which a target is suggested for a name that none has."""
EMPTY_WORDS = {"the", "human", "protein", "target", "receptor", "of", "a", "an"}


@dataclass(frozen=True)
class Target:
    """A prepared protein.

    Attributes:
        name: Gene symbol.
        protein: What it is.
        synonyms: Further names.
    """

    name: str
    protein: str
    synonyms: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return (self.name, self.protein, *self.synonyms)

    @property
    def pdbqt(self) -> Path:
        """Its atoms with polar hydrogens, as Vina reads them."""
        return _folder() / f"{self.name}_target.pdbqt"

    @property
    def box(self) -> Box:
        """Where the package's authors search."""
        text = (_folder() / f"{self.name}_conf.txt").read_text()
        found = {(what, axis): float(number) for what, axis, number in SIDE.findall(text)}
        center, size = (
            (found[what, "x"], found[what, "y"], found[what, "z"]) for what in ("center", "size")
        )
        return Box(center, size)


@cache
def targets() -> tuple[Target, ...]:
    """Returns all, sorted by name."""
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return tuple(
        Target(row["name"], row["protein"], tuple(row["synonyms"].split("; ")))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    )


def find_target(name: str, field: str = "target") -> Target:
    """Returns the target of a name, whatever its letter case and punctuation.

    Raises:
        ToolError: There is none of that name; names the nearest.
    """
    known = _by_name()
    if found := known.get(_plain(name)) or known.get(_bare(name)):
        return found
    near = process.extractOne(_plain(name), list(known), scorer=fuzz.ratio, score_cutoff=LIKENESS)
    wrong = FieldFault(
        field=field,
        got=repr(name),
        expected=f"one of {', '.join(target.name for target in targets())}",
        suggestion=known[near[0]].name if near else None,
    )
    raise ToolError(
        f"No target {name} comes prepared; name another, or give a structure as receptor.",
        wrong,
        kind="not_found",
    )


@cache
def _by_name() -> dict[str, Target]:
    bare = {_bare(name): target for target in targets() for name in target.names}
    return bare | {_plain(name): target for target in targets() for name in target.names}


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.casefold()).split())


def _bare(name: str) -> str:
    words = _plain(name).split()
    return " ".join(word for word in words if word not in EMPTY_WORDS) or " ".join(words)


@cache
def _folder() -> Path:
    # Looked up, not imported: the package's own code is not needed, only its data.
    spec = find_spec("dockstring")
    assert spec and spec.origin  # noqa: S101  # a dependency of this program
    return Path(spec.origin).parent / "resources" / "targets"
