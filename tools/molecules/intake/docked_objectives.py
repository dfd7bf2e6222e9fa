"""The docking scores that an objective speaks of."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.molecules.design.quantities import Quantity

STRENGTH = (
    r"(?:(?P<poor>weak(?:er)?|poor(?:er)?|bad|worse|no)|"
    r"high(?:er|est)?|maxim\w+|best|better|good|strong(?:er|est)?|improv\w+|increas\w+|great|"
    r"low(?:er|est)?|minim\w+|optimi[sz]\w+)"
)
DOCKED = re.compile(
    rf"\b(?:{STRENGTH}\s+(?:the\s+|its\s+|their\s+)?)?(?:vina\s+)?"
    r"dock(?:ing|s|ed)?(?:\s+(?:scores?|energy|energies|well|strongly|best|better|tightly))*"
    r"\s+(?:to|into|in|on|onto|against|with|at|for)\s+(?:the\s+)?(?P<target>[^,;<>≤≥=~()*]+?)"
    r"(?=\s*(?:[,;<>≤≥=~()*]|$|\b(?:and|but|while|below|above|under|over|between|from|with|within|"
    r"using|starting|that|which|at (?:most|"
    r"least)|(?:less|more|lower|better) than|around|about|near)\b))",
    re.I,
)
MEAN, DEVIATION = -7.5, 1.5
"""kcal/mol: usual of drug-like molecules in the prepared targets."""

WORST = 0.0
"""Score of a molecule that cannot be docked."""


def docked_in(objective: str, seed: int, field: str = "objective") -> "tuple[str, list[Quantity]]":
    """Returns the objective, docking called by its targets' names, and those scores.

    Better docking is a lower score, whatever the words: `high docking to DRD2` wants it low,
    `weak docking to DRD2` high.

    Args:
        objective: In words; `docking to DRD2`, `docking score in factor Xa below -9`.
        seed: Decides conformers and searches.
        field: What the objective is called in errors.

    Raises:
        ToolError: No target of such a name comes prepared.
    """
    from models.molecules.design.quantities import Quantity
    from models.molecules.docking.proteins.targets import find_target
    from models.molecules.docking.scoring import Scorer

    scorers: dict[str, Scorer] = {}

    def named(match: re.Match[str]) -> str:
        target = find_target(match["target"], field).name
        name = f"docking score in {target}"
        if name not in scorers:
            scorers[name] = Scorer(target, seed=seed)
        return f"high {name}" if match["poor"] else name

    text = DOCKED.sub(named, objective)
    found = [
        Quantity(name, (), scorer.score_or(WORST), MEAN, DEVIATION, -1, prepare=scorer.prepare)
        for name, scorer in scorers.items()
    ]
    return text, found
