"""The trained models that an objective speaks of by name."""

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace

if TYPE_CHECKING:
    from models.molecules.design.quantities import Quantity

NAME = re.compile(r"(?<![\w./-])([a-z]{2,4})-(\d+)(?![\w/]|\.\w)", re.I)
ON = r"(?:for|against|to|on|with|of|towards|at)"
CALLED = re.compile(r"\btrained model\b", re.I)
"""What an objective calls the model that is given beside it."""


def learned_in(
    objective: str, given: str | None, workspace: Workspace
) -> "tuple[str, list[Quantity]]":
    """Returns the objective, models by their names, and what those predict of a molecule.

    Args:
        objective: In words; prop-1 is a model where there is one, or one of its family.
        given: The model that the objective calls `trained model`; maximised where it does not.
        workspace: Where models are kept.

    Raises:
        ToolError: A model is not there, or judges no molecules.
    """
    from models.store.registry import ModelStore

    if given:
        named_so = CALLED.sub(given, objective)
        spoken_of = given in (match[0].casefold() for match in NAME.finditer(named_so))
        objective = named_so if spoken_of else f"high {given}, {objective}"
    store = ModelStore(workspace)
    known = store.names()
    families = {name.partition("-")[0] for name in known} | {"prop"}
    named = {
        f"{match[1].casefold()}-{int(match[2])}"
        for match in NAME.finditer(objective)
        if match[1].casefold() in families
    } | ({given} if given else set())
    found: list[Quantity] = []
    for name in sorted(named):
        store.folder(name, "objective")
        model: Any = store.load(name)
        if not hasattr(model, "judge"):
            kind = str(store.manifest(name)["kind"]).replace("_", " ")
            wrong = FieldFault(
                field="objective",
                got=f"{name!r} ({kind})",
                expected="a model that judges molecules",
            )
            raise ToolError(f"{name} judges no molecules.", wrong)
        if hasattr(model, "protein"):
            objective, bound = _for_proteins(name, model, objective)
            found += bound
        else:
            found += _quantities(name, model, alone=len(named) == 1)
    return objective, found


def _quantities(name: str, model: Any, *, alone: bool) -> "list[Quantity]":
    """Returns a model's prediction, that of each of several targets, and their uncertainty."""
    from models.molecules.design.learned import learned_quantities

    targets = model.targets.names
    spoken = [f"predicted {targets[0]}"] if len(targets) == 1 else []
    chance = model.targets.task == "classification"
    found = learned_quantities(
        name, model.judge, model.scale(), spoken, alone=alone, probability=chance
    )
    for target in targets if len(targets) > 1 else ():
        judge = partial(model.judge, target=target)
        scale = model.scale(target)
        found += learned_quantities(f"{name} {target}", judge, scale, probability=chance)
    return found


def _for_proteins(name: str, model: Any, objective: str) -> "tuple[str, list[Quantity]]":
    """Returns the objective and the affinities for the proteins that it names with a model."""
    from models.molecules.design.learned import learned_quantities

    found: dict[str, tuple[str, str]] = {}

    def named(match: re.Match[str]) -> str:
        said = match["protein"]
        only = model.pairs.proteins[0] if len(model.pairs.proteins) == 1 else None
        if not said and not only:
            wrong = FieldFault(
                field="objective",
                got=match[0],
                expected=f"such as '{name} for "
                f"{model.pairs.proteins[0]}': the protein that it should bind",
            )
            raise ToolError(f"{name} knows many proteins: name one.", wrong)
        protein = model.protein(said or only, "objective")
        found[f"{name} for {protein[0]}"] = protein
        return f"{name} for {protein[0]}"

    pattern = rf"\b{name}\b(?:\s+{ON}\s+(?:the\s+)?(?P<protein>[^\s,;]+))?"
    objective = re.sub(pattern, named, objective, flags=re.I)
    quantities: list[Quantity] = []
    for spoken, protein in found.items():
        judge = partial(model.judge, protein=protein)
        quantities += learned_quantities(spoken, judge, model.scale(), alone=len(found) == 1)
    return objective, quantities
