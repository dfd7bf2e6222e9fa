"""The tool `generate_molecules`."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace
from tools.contract import ToolArguments, ToolContext, ToolResult
from tools.molecules.intake.generators import find_generator
from tools.molecules.output.proposals import DRAWN, keep_molecules
from tools.registry import tool
from tools.wording import within_limit

if TYPE_CHECKING:
    from models.molecules.design.objective import Objective
    from models.molecules.generation.proposals import Proposal, Proposals

SECONDS_EACH = 0.05


class Arguments(ToolArguments):
    """How many molecules, from which generator, within which bounds."""

    count: int = Field(
        default=20, ge=1, le=10_000, description="How many molecules.",
        json_schema_extra={"role": "molecule_count"},
    )  # fmt: skip
    model: str | None = Field(
        default=None,
        description="A generator such as gen-1; the shipped one, which learnt drug-like molecules "
        "of ZINC, when not given.",
        json_schema_extra={"role": "model", "prefixes": ["gen"]},
    )
    constraints: str | None = Field(
        default=None,
        description="What each must meet, parted by commas: lipinski, bounds ('logp 1 to 3', "
        "'weight < 400'), 'with G', 'without G', 'no alerts', 'similar to X above 0.4'; what has "
        "no bound ('qed') ranks.",
        json_schema_extra={"role": "objective"},
    )
    scaffold: str | None = Field(
        default=None,
        description="SMILES or name of a substructure that every molecule is built on.",
        json_schema_extra={"role": "scaffold"},
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


def _seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long a call takes."""
    seconds = 5 + SECONDS_EACH * arguments.count * (8 if arguments.constraints else 2)
    return min(seconds, arguments.time_limit or seconds)


@tool(heavy=True, computes=True, estimate=_seconds)
def generate_molecules(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Generate new molecules, at large or within constraints, or on a scaffold.

    When to use: the person wants new, novel, random or drug-like molecules, so many of them,
    perhaps with bounds on properties. When not: a given molecule is to be improved or a property
    driven as far as it goes (optimize_molecules), a generator is to be trained
    (train_molecule_generator), or given molecules are to be described (profile_molecules).
    """
    from models.fitting.effort import Effort
    from models.molecules.chemistry.hazards import refuse_hazards
    from models.molecules.design.language import read_objective
    from models.molecules.design.search.limits import hazardous_goals
    from models.molecules.generation.proposals import propose

    objective = None
    if arguments.constraints:
        objective = read_objective(arguments.constraints, "constraints")
        refuse_hazards("Not designed towards", hazardous_goals(objective, "constraints"))
    scaffold = _scaffold(arguments.scaffold) if arguments.scaffold else None
    generator, name = find_generator(arguments.model, context.workspace)
    effort = Effort.within(arguments.seed, arguments.time_limit, context.progress)
    made = propose(generator, arguments.count, objective, scaffold, effort)
    if not made.chosen:
        wrong = FieldFault(
            field="constraints" if objective else "scaffold",
            got=str(arguments.constraints or arguments.scaffold),
            expected="bounds that some molecule meets",
        )
        raise ToolError(f"None of {made.drawn:,} molecules meets them all.", wrong)
    return _result(made, objective, name, arguments, context)


def _scaffold(given: str) -> Any:
    from models.molecules.chemistry.entries import read_entries
    from models.molecules.chemistry.groups import GROUPS
    from models.molecules.chemistry.hazards import hazard_of, refuse_hazards

    entries, faults = read_entries([GROUPS.get(given.casefold(), given)], "scaffold")
    if faults:
        raise ToolError("That is no scaffold to build on.", *faults)
    found = hazard_of(entries[0].molecule)
    refuse_hazards("Nothing is built on the scaffolds of", [("scaffold", given, found)])
    return entries[0].molecule


def _result(
    made: "Proposals",
    objective: "Objective | None",
    name: str,
    arguments: Arguments,
    context: ToolContext,
) -> ToolResult:
    from rdkit import Chem

    from models.molecules.chemistry.drawing import Panel

    rows = [_row(one, objective) for one in made.chosen]
    panels = [Panel(Chem.MolFromSmiles(one.smiles), str(rank))
              for rank, one in enumerate(made.chosen[:DRAWN], start=1)]  # fmt: skip
    counts = {how: sum(one.how == how for one in made.chosen)
              for how in ("drawn", "decorated", "evolved")}  # fmt: skip
    return ToolResult(
        summary=_words(made, counts, name, objective, arguments),
        data={
            "generator": name,
            "molecules": rows,
            "written": made.written,
            "raw_validity": round(made.raw_validity, 4),
            "drawn": made.drawn,
            "valid": made.valid,
            "within_bounds": made.fit,
            "made_by": {how: count for how, count in counts.items() if count},
        },
        artifacts=keep_molecules(context.active_run, panels, rows, rows),
    )


def _row(one: "Proposal", objective: "Objective | None") -> dict[str, Any]:
    from rdkit import Chem

    from models.molecules.chemistry.properties import brief_properties

    row: dict[str, Any] = {"smiles": one.smiles, "how": one.how}
    row |= brief_properties(Chem.MolFromSmiles(one.smiles))
    if objective and one.score:
        row["score"] = round(one.score.total, 4)
        row |= {
            term.name: round(value, 4)
            for term, value in zip(objective.terms, one.score.values, strict=True)
        }
    return row


def _words(
    made: "Proposals",
    counts: dict[str, int],
    name: str,
    objective: "Objective | None",
    arguments: Arguments,
) -> str:
    found = len(made.chosen)
    how = ", ".join(f"{count} {how}" for how, count in counts.items() if count)
    sentences = [
        f"{found} new molecules from {name} (seed {arguments.seed}): {how}. Of "
        f"{made.written:,} rows that it wrote, {made.raw_validity:.1%} were molecules; "
        f"{made.valid:,} of these were looked through.",
    ]
    if objective:
        wanted = ", ".join(map(str, objective.terms))
        sentences.append(
            f"Each meets {wanted}; {made.fit:,} met it as they were made"
            + (", the others were evolved from them." if counts["evolved"] else ".")
        )
    if arguments.scaffold:
        sentences.append(f"Each is built on {arguments.scaffold}.")
    if found < arguments.count:
        sentences.append(f"{arguments.count} were asked for; no more could be found.")
    sentences += [f"{rank}: {one.smiles}" for rank, one in enumerate(made.chosen[:5], start=1)]
    sentences.append("They are proposals on paper: none is known to be safe, active or makeable.")
    return within_limit(sentences)
