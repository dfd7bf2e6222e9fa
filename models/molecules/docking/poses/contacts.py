"""A contact between a pose and the protein, and what contacts are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[float, float, float]

KINDS = (
    "metal", "salt bridge", "hydrogen bond", "π-stacking", "cation–π", "halogen bond",
    "hydrophobic",
)  # fmt: skip
"""Strongest first."""


@dataclass(frozen=True)
class Contact:
    """One contact.

    Attributes:
        kind: One of `KINDS`.
        residue: As in ASP114, with its chain where there are several.
        distance: In Å, between the atoms or the centres of the rings.
        atoms: The ligand's atoms (indices in the pose).
        start: Where it leaves the ligand.
        end: Where it meets the protein.
        donor: Who gives the hydrogen of a hydrogen bond: ligand or protein.
    """

    kind: str
    residue: str
    distance: float
    atoms: tuple[int, ...]
    start: Place
    end: Place
    donor: str = ""

    def as_json(self) -> dict[str, Any]:
        """Returns what a reader wants of it."""
        found: dict[str, Any] = {
            "kind": self.kind, "residue": self.residue, "distance": self.distance,
            "atoms": list(self.atoms),
        }  # fmt: skip
        return found | ({"donor": self.donor} if self.donor else {})


def in_words(contacts: Sequence[Mapping[str, Any]], most: int | None = None) -> str:
    """Names contacts by kind, strongest first: salt bridge to ASP114 (2.8 Å).

    Args:
        contacts: As `Contact.as_json` gives them.
        most: So many residues at most.
    """
    ranked = sorted(contacts, key=lambda one: (KINDS.index(one["kind"]), one["distance"]))
    groups: dict[str, dict[str, float]] = {}
    for one in ranked:
        groups.setdefault(one["kind"], {}).setdefault(one["residue"], one["distance"])
    said, left = [], most
    for kind, residues in groups.items():
        chosen = list(residues.items())[:left]
        left = None if left is None else left - len(chosen)
        if chosen:
            named = ", ".join(f"{residue} ({distance:.1f} Å)" for residue, distance in chosen)
            said.append(f"{kind} {named}")
    return "; ".join(said)
