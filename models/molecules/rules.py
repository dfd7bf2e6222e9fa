"""Rules of thumb for oral drugs: Lipinski and Veber.

Sources: Lipinski CA et al. Adv Drug Deliv Rev 1997; 23: 3-25 (rule of five: poor absorption is
likely from the second violation on); Veber DF et al. J Med Chem 2002; 45: 2615-2623.
"""

from collections.abc import Mapping
from typing import Any

Limits = tuple[tuple[str, str, float], ...]

LIPINSKI: Limits = (
    ("molecular_weight", "molecular weight", 500),
    ("logp", "logP", 5),
    ("h_bond_donors", "hydrogen-bond donors", 5),
    ("h_bond_acceptors", "hydrogen-bond acceptors", 10),
)
VEBER: Limits = (
    ("tpsa", "polar surface area", 140),
    ("rotatable_bonds", "rotatable bonds", 10),
)


def lipinski(properties: Mapping[str, float]) -> dict[str, Any]:
    """Returns the rule of five: `pass` allows one violation, `strict_pass` none."""
    return _verdict(properties, LIPINSKI, allowed=1)


def veber(properties: Mapping[str, float]) -> dict[str, Any]:
    """Returns Veber's rule, which allows no violation."""
    return _verdict(properties, VEBER, allowed=0)


def _verdict(properties: Mapping[str, float], limits: Limits, allowed: int) -> dict[str, Any]:
    rules = [
        {"name": name, "value": properties[key], "limit": limit, "pass": properties[key] <= limit}
        for key, name, limit in limits
    ]
    violations = [
        f"{rule['name']} {rule['value']:.4g} > {rule['limit']}"
        for rule in rules
        if not rule["pass"]
    ]
    return {
        "pass": len(violations) <= allowed,
        "strict_pass": not violations,
        "violations": violations,
        "rules": rules,
    }
