"""The tool `optimize_molecules`."""

import os
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, ToolArguments, ToolContext, ToolResult
from tools.molecules.intake.docked_objectives import DOCKED, docked_in
from tools.molecules.intake.generators import find_generator
from tools.molecules.intake.learned_objectives import learned_in
from tools.molecules.output.proposals import DRAWN, keep_molecules
from tools.registry import tool
from tools.wording import within_limit

if TYPE_CHECKING:
    from models.fitting.effort import Effort
    from models.molecules.chemistry.drawing import Panel
    from models.molecules.design.objective import Objective
    from models.molecules.design.search.genetic import Judged

EVALUATIONS, DOCKINGS = 3000, 150
SECONDS_PER_EVALUATION = 0.03
SECONDS_PER_DOCKING = 5.0
"""Of one core."""

ANALOGUE = 0.3
"""Similarity to a starting molecule from which a result is its analogue, when nobody says."""

NAMED = 3


def _as_list(value: Any) -> Any:
    """Takes one text for a list of one, as language models often send it."""
    return [value] if isinstance(value, str) else value


class Arguments(ToolArguments):
    """What molecules should be like, and where to start."""

    objective: str = Field(
        min_length=2,
        description="What is wanted, parted by commas: quantities (qed, logp, tpsa, weight, "
        "solubility, synthetic accessibility), alone or bounded ('logp 1 to 3', 'tpsa < 90'), "
        "'similar to X', 'different from X', 'with G', 'without G', 'no alerts', 'formula F', a "
        "trained model ('prop-1 above 6 with low uncertainty', 'aff-1 for EGFR'), 'docking to "
        "DRD2', 'keep logp' and 'higher logp by 1' (than at the start); weights as in '2 * qed'.",
        json_schema_extra={"role": "objective"},
    )
    smiles: Annotated[list[str], BeforeValidator(_as_list)] = Field(
        default=[],
        description="SMILES or drug names to start from; the bundled drugs when not given.",
        json_schema_extra={"role": "smiles"},
    )
    count: int = Field(
        default=10, ge=1, le=1000, description="How many molecules to return.",
        json_schema_extra={"role": "molecule_count"},
    )  # fmt: skip
    min_similarity: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Results stay at least so similar to the nearest of `smiles` (Tanimoto, "
        f"Morgan fingerprints of radius 2); {ANALOGUE} when not given, 0 for as far as it goes.",
        json_schema_extra={"role": "similarity"},
    )
    method: Literal["genetic", "reinforcement"] = Field(
        default="genetic",
        description="genetic: crossover and mutation of molecular graphs; reinforcement: a "
        "recurrent generator is taught to write what is wanted.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "genetic": ["evolutionary", "ga"],
                "reinforcement": ["reinforcement learning", "rl", "reinvent", "policy gradient"],
            },
        },
    )
    model: str | None = Field(
        default=None,
        description="The generator (gen-1) that reinforcement teaches; the shipped one when not "
        "given.",
        json_schema_extra={"role": "model", "prefixes": ["gen"]},
    )
    property_model: str | None = Field(
        default=None,
        description="A trained model of molecules (prop-1) that the objective calls 'trained "
        "model'; its prediction is maximised where the objective does not speak of it.",
        json_schema_extra={"role": "model", "prefixes": ["prop"]},
    )
    evaluations: int | None = Field(
        default=None,
        ge=10,
        le=1_000_000,
        description=f"Molecules to judge at most; {EVALUATIONS} when not given, {DOCKINGS} where "
        "each is docked.",
        json_schema_extra={"role": "evaluations"},
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="Decides every random choice; the same seed gives the same molecules.",
        json_schema_extra={"role": "seed"},
    )
    time_limit: float | None = Field(
        default=None,
        gt=0,
        description="Seconds after which the search ends with what it has.",
        json_schema_extra={"role": "seconds"},
    )


def _evaluations(arguments: Arguments) -> int:
    """Returns how many molecules may be judged."""
    docks = DOCKED.search(arguments.objective)
    return arguments.evaluations or (DOCKINGS if docks else EVALUATIONS)


def _seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long a call will take."""
    docking = SECONDS_PER_DOCKING / (os.cpu_count() or 1)
    each = SECONDS_PER_EVALUATION + docking * len(DOCKED.findall(arguments.objective))
    seconds = _evaluations(arguments) * each
    return min(seconds, arguments.time_limit or seconds)


@tool(heavy=True, computes=True, estimate=_seconds)
def optimize_molecules(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Search for molecules that are as wanted: properties, likeness, groups, formula.

    A genetic search over molecular graphs, or a generator that is taught, from given molecules or
    known drugs, judged by the objective; each result comes with its values and its parents.

    When to use: the person wants molecules improved or found towards stated properties.
    When not: properties of given molecules are asked (profile_molecules), a dataset is to be
    learnt from (train_molecule_generator, train_property_model), or poses in a protein
    (dock_molecules).
    """
    from models.fitting.effort import Effort
    from models.molecules.chemistry.entries import read_entries
    from models.molecules.chemistry.hazards import hazard_of, refuse_hazards
    from models.molecules.design.language import read_objective
    from models.molecules.design.plots import search_plot
    from models.molecules.design.search.front import choose, pareto
    from models.molecules.design.search.genetic import Search
    from models.molecules.design.search.limits import (
        Near,
        hazardous_goals,
        is_harmless,
        is_plausible,
    )
    from models.molecules.design.search.start import starting_molecules
    from models.molecules.generation.networks.reinforcement import Reinforcement

    entries, faults = read_entries(arguments.smiles)
    if arguments.min_similarity is not None and not entries and not faults:
        faults.append(FieldFault(field="smiles", got="nothing", expected="what to stay similar to"))
    if faults:
        raise ToolError("The design cannot start.", *faults)
    origins = [entry.molecule for entry in entries]
    wanted, learned = learned_in(arguments.objective, arguments.property_model, context.workspace)
    wanted, docked = docked_in(wanted, arguments.seed)
    objective = read_objective(wanted, learned=[*learned, *docked], origins=origins)
    starts = [(f"smiles[{one.row}]", one.label, hazard_of(one.molecule)) for one in entries]
    goals = hazardous_goals(objective, "objective")
    refuse_hazards("Not designed from or towards", [*starts, *goals])
    least = ANALOGUE if arguments.min_similarity is None else arguments.min_similarity
    near = Near(origins, least) if origins else None

    def allowed(molecule: Any) -> bool:
        return (near is None or near(molecule)) and is_plausible(molecule) and is_harmless(molecule)

    effort = Effort.within(arguments.seed, arguments.time_limit, context.progress)
    evaluations = _evaluations(arguments)
    search: Search | Reinforcement
    if arguments.method == "genetic":
        search = Search(objective, evaluations, effort, allowed)
    else:
        generator, _ = find_generator(arguments.model, context.workspace)
        search = Reinforcement(objective, evaluations, effort, generator, allowed)
    start = starting_molecules(origins, evaluations // 3, arguments.seed)
    # Without molecules given, the start is known drugs, which are nothing new.
    given = {_canonical(molecule) for molecule in origins or start}
    ranked = search.run(one for one in start if _canonical(one) in given or allowed(one))
    new = [one for one in ranked if one.smiles not in given]
    if not new:
        raise ToolError(
            "No new molecule was found; a lower min_similarity or more evaluations leave more room."
        )
    # Those within the bounds come first, whatever the others make up for elsewhere.
    new.sort(key=lambda one: not objective.meets(one.score))
    chosen = choose(new, arguments.count)
    front = pareto(new[:2000])
    run = context.active_run
    plot = search_plot(search.judged, front, objective, run.artifact("search.png"))
    molecules = [_row(one, objective, near) for one in chosen]
    judged = _judged(ranked, objective)
    picture, *files = keep_molecules(run, _panels(chosen), judged, molecules, "judged.csv")
    best_start = max(one.score.total for one in search.judged if one.smiles in given)
    return ToolResult(
        summary=_words(
            chosen,
            objective,
            len(ranked),
            best_start,
            least if near else None,
            effort,
            arguments.method,
            arguments.count,
        ),
        data={
            "molecules": molecules,
            "objective": [term.name for term in objective.terms],
            "judged": len(ranked),
            "pareto": [_row(one, objective, near) for one in front[:50]],
            "best_of_start": best_start,
        },
        artifacts=[picture, Artifact(kind="plot", path=str(plot)), *files],
    )


def _canonical(molecule: Any) -> str:
    from rdkit import Chem

    return str(Chem.MolToSmiles(molecule))


def _row(one: "Judged", objective: "Objective", near: Any) -> dict[str, Any]:
    from rdkit import Chem

    names = [term.name for term in objective.terms]
    row: dict[str, Any] = {
        "smiles": one.smiles,
        "score": round(one.score.total, 4),
        "values": dict(zip(names, (round(v, 4) for v in one.score.values), strict=True)),
        "missed": [str(term) for term in objective.missed(one.score)],
        "parents": list(one.parents),
        "evaluation": one.evaluation,
    }
    if near is not None:
        row["similarity"] = round(near.similarity(Chem.MolFromSmiles(one.smiles)), 4)
    return row


def _judged(ranked: "list[Judged]", objective: "Objective") -> list[dict[str, Any]]:
    """Returns the rows of the table: everything that was judged."""
    names = [term.name for term in objective.terms]
    return [
        {"smiles": one.smiles, "score": one.score.total}
        | dict(zip(names, one.score.values, strict=True))
        | {"parents": " ".join(one.parents), "evaluation": one.evaluation}
        for one in ranked
    ]


def _panels(chosen: "list[Judged]") -> "list[Panel]":
    from rdkit import Chem

    from models.molecules.chemistry.drawing import Panel

    return [
        Panel(Chem.MolFromSmiles(one.smiles), f"{rank}: {one.score.total:.3f}")
        for rank, one in enumerate(chosen[:DRAWN], start=1)
    ]


def _words(
    chosen: "list[Judged]",
    objective: "Objective",
    judged: int,
    best_start: float,
    least: float | None,
    effort: "Effort",
    method: str,
    asked: int,
) -> str:
    wanted = ", ".join(map(str, objective.terms))
    sentences = [
        f"{len(chosen)} molecules for {wanted}, the best of {judged:,} that were judged by a "
        f"{method} search (seed {effort.seed})."
    ]
    if len(chosen) < asked:
        sentences.append(f"{asked} were asked for; more evaluations may find more.")
    if any(term.bounded for term in objective.terms):
        within = sum(objective.meets(one.score) for one in chosen)
        share = "None" if not within else "All" if within == len(chosen) else f"Only {within}"
        sentences.append(f"{share} of them {'is' if within < 2 else 'are'} within the bounds.")
    if least:
        sentences.append(f"All are at least {least:g} similar (Tanimoto) to a molecule given.")
    best = max(one.score.total for one in chosen)
    sentences.append(
        f"The best score is {best:.3f}; of the molecules at the start it was {best_start:.3f}."
    )
    for rank, one in enumerate(chosen[:NAMED], start=1):
        values = ", ".join(
            f"{term.name.replace('_', ' ')} {value:.2f}"
            for term, value in zip(objective.terms, one.score.values, strict=True)
        )
        missed = ", ".join(map(str, objective.missed(one.score)))
        sentences.append(f"{rank}: {one.smiles} ({values}{'; misses ' * bool(missed)}{missed}).")
    sentences.append("They are proposals on paper: none is known to be safe, active or makeable.")
    return within_limit(sentences)
