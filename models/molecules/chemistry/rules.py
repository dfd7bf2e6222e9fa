"""Rules of thumb for drugs: Lipinski, Veber, Ghose, Egan and Muegge.

Sources: Lipinski CA et al. Adv Drug Deliv Rev 1997; 23: 3-25 (rule of five: poor absorption is
likely from the second violation on); Veber DF et al. J Med Chem 2002; 45: 2615-2623; Ghose AK et
al. J Comb Chem 1999; 1: 55-68 (the ranges of four in five drugs); Egan WJ et al. J Med Chem 2000;
43: 3867-3877 (its ellipse as the rectangle around it, as SwissADME reads it); Muegge I et al.
J Med Chem 2001; 44: 1841-1846. Where the authors computed logP otherwise, Crippen's is taken.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Limit(NamedTuple):
    """What a rule allows of a property, both ends included; None where an end is open."""

    key: str
    name: str
    low: float | None
    high: float | None


LIPINSKI = (
    Limit("molecular_weight", "molecular weight", None, 500),
    Limit("logp", "logP", None, 5),
    Limit("h_bond_donors", "hydrogen-bond donors", None, 5),
    Limit("h_bond_acceptors", "hydrogen-bond acceptors", None, 10),
)
VEBER = (
    Limit("tpsa", "polar surface area", None, 140),
    Limit("rotatable_bonds", "rotatable bonds", None, 10),
)
GHOSE = (
    Limit("molecular_weight", "molecular weight", 160, 480),
    Limit("logp", "logP", -0.4, 5.6),
    Limit("molar_refractivity", "molar refractivity", 40, 130),
    Limit("atoms", "atoms", 20, 70),
)
EGAN = (
    Limit("logp", "logP", None, 5.88),
    Limit("tpsa", "polar surface area", None, 131.6),
)
MUEGGE = (
    Limit("molecular_weight", "molecular weight", 200, 600),
    Limit("logp", "logP", -2, 5),
    Limit("tpsa", "polar surface area", None, 150),
    Limit("rings", "rings", None, 7),
    Limit("carbons", "carbon atoms", 5, None),
    Limit("heteroatoms", "heteroatoms", 2, None),
    Limit("rotatable_bonds", "rotatable bonds", None, 15),
    Limit("h_bond_acceptors", "hydrogen-bond acceptors", None, 10),
    Limit("h_bond_donors", "hydrogen-bond donors", None, 5),
)


def lipinski(properties: Mapping[str, float]) -> dict[str, Any]:
    """Returns the rule of five: `pass` allows one violation, `strict_pass` none."""
    return _verdict(properties, LIPINSKI, allowed=1)


def other_rules(properties: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """Returns the rules of Veber, Ghose, Egan and Muegge by name; none allows a violation."""
    rules = {"veber": VEBER, "ghose": GHOSE, "egan": EGAN, "muegge": MUEGGE}
    return {name: _verdict(properties, limits, allowed=0) for name, limits in rules.items()}


def _verdict(
    properties: Mapping[str, float], limits: tuple[Limit, ...], allowed: int
) -> dict[str, Any]:
    rules, violations = [], []
    for key, name, low, high in limits:
        value = properties[key]
        if low is not None and value < low:
            violations.append(f"{name} {value:.4g} < {low:g}")
        if high is not None and value > high:
            violations.append(f"{name} {value:.4g} > {high:g}")
        within = (low is None or value >= low) and (high is None or value <= high)
        rules.append({"name": name, "value": value, "least": low, "limit": high, "pass": within})
    return {
        "pass": len(violations) <= allowed,
        "strict_pass": not violations,
        "violation_count": len(violations),
        "violations": violations,
        "rules": rules,
    }
