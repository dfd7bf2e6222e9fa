"""Profiles molecules: properties, drug-likeness, alerts, absorption."""

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from models.errors import FieldFault, ToolError
from models.store.workspace import Workspace
from tools.contract import Artifact, ToolArguments, ToolContext, ToolResult
from tools.molecules.intake.molecules import read_molecules
from tools.molecules.output.proposals import DRAWN, keep_molecules
from tools.molecules.words.answers import focus
from tools.molecules.words.summaries import (
    describe_dataset,
    describe_faults,
    describe_molecules,
    describe_repeats,
    find_repeats,
)
from tools.registry import tool

if TYPE_CHECKING:
    import pandas as pd

    from models.data.tables import Dataset
    from models.molecules.chemistry.drawing import Panel
    from models.molecules.chemistry.entries import Entry

LISTED = 200
"""Most molecules in the result's data; the table has all."""
FAULTS_LISTED = 20
EXTREMES = 20
"""Most molecules that have the most or least of a number, in the result's data."""

FORMS = {"parent": "parent", "tautomer": "canonical tautomer"}
"""What the form is called that a molecule was not given in."""

SECONDS_PER_MOLECULE = 0.006
BYTES_PER_MOLECULE = 50
REPORT_EVERY = 100
COMPARED = 6
"""Most molecules that are compared with each other."""


def _as_list(value: Any) -> Any:
    """Takes one text for a list of one, as language models often send it."""
    return [value] if isinstance(value, str) else value


class Arguments(ToolArguments):
    """What to profile: molecules, or a dataset of them."""

    smiles: Annotated[list[str] | None, BeforeValidator(_as_list)] = Field(
        default=None,
        description="SMILES strings or drug names; give these or a dataset.",
        json_schema_extra={"role": "smiles"},
    )
    dataset: str | None = Field(
        default=None,
        description="A file (smi, sdf, csv) or a built-in name with molecules, such as nci5k.",
        json_schema_extra={"role": "dataset"},
    )
    smiles_column: str | None = Field(
        default=None,
        description="The dataset's column with SMILES, where it is not called smiles.",
        json_schema_extra={"role": "column"},
    )
    form: Literal["given", "parent", "tautomer"] = Field(
        default="given",
        description="What of each molecule is profiled: all of it as given, its parent (largest "
        "organic part, neutral), or the parent's canonical tautomer.",
        json_schema_extra={
            "role": "choice",
            "synonyms": {
                "given": ["as given", "as written", "as drawn"],
                "parent": [
                    "parents", "parent form", "parent molecule", "without salts", "desalted",
                    "without the salt", "salts removed", "free base", "free acid", "neutral form",
                    "neutralized", "neutralised", "standardized", "standardised", "standardize",
                    "standardise", "desalt", "strip salts", "remove salts", "remove the salts",
                ],
                "tautomer": ["canonical tautomer", "tautomers", "tautomeric form"],
            },
        },
    )  # fmt: skip


def _seconds(arguments: Arguments, workspace: Workspace) -> float:
    """Estimates how long a call will take, from the size of the file."""
    if not arguments.dataset:
        return len(arguments.smiles or []) * SECONDS_PER_MOLECULE
    try:
        size = workspace.readable(arguments.dataset, "dataset").stat().st_size
    except ToolError:  # a built-in name, or a wrong one that the call itself will explain
        return 0.0
    return size / BYTES_PER_MOLECULE * SECONDS_PER_MOLECULE


@tool(heavy=False, computes=True, focus=focus, estimate=_seconds)
def profile_molecules(arguments: Arguments, context: ToolContext) -> ToolResult:
    """Computes properties, drug-likeness, structural alerts and absorption of molecules.

    For each molecule: molecular weight, logP, polar surface area, hydrogen-bond donors and
    acceptors, rotatable bonds, rings, stereocentres, molar refractivity, QED, synthetic
    accessibility, Lipinski, Veber, Ghose, Egan and Muegge rules, PAINS and Brenk alerts,
    gastrointestinal absorption and blood-brain barrier (BOILED-Egg), with a table and a picture.

    When to use: a question about the properties of given molecules (SMILES or drug names), or of
    a whole dataset of molecules.
    When not: to propose or improve molecules (generate_molecules, optimize_molecules), to dock
    them (dock_molecules), or for a property that must be learnt from data (train_property_model).
    """
    dataset: Dataset | None = None
    if (arguments.smiles is None) == (arguments.dataset is None):
        raise _either_or(arguments)
    if arguments.dataset is not None:
        dataset, column, texts, labels = read_molecules(
            arguments.dataset, arguments.smiles_column, context
        )
    else:
        column, texts, labels = "smiles", arguments.smiles or [], {}
    if not texts:
        wrong = FieldFault(field="smiles", got="an empty list", expected="at least one molecule")
        raise ToolError("There is no molecule to profile.", wrong)

    from models.molecules.chemistry.entries import read_entries
    from models.molecules.chemistry.structure import in_form
    from models.molecules.chemistry.table import extremes, profile_table, summarize

    entries, faults = read_entries(texts, column)
    if not entries:
        raise ToolError("No molecule could be read.", *faults[:FAULTS_LISTED])
    taken = [replace(one, molecule=in_form(one.molecule, arguments.form)) for one in entries]
    profiles = _profile(entries, taken, labels, arguments.form, context)
    table, repeats = profile_table(profiles), find_repeats(profiles)
    data: dict[str, Any] = {
        "count": len(profiles),
        "dataset": dataset.name if dataset else None,
        "form": arguments.form,
        "molecules": profiles[:LISTED],
        "invalid": [fault.model_dump() for fault in faults[:LISTED]],
        "invalid_count": len(faults),
        "repeated": repeats[:LISTED],
        "similarities": {
            "of": "Morgan fingerprints, radius 2, 2,048 bits",
            "pairs": [] if dataset else _similarities(taken, profiles),
        },
        "statistics": summarize(table),
        "extremes": extremes(table, EXTREMES),
    }
    notes = dataset.notes if dataset else []
    data["notes"] = notes
    rest = describe_repeats(repeats) + describe_faults(faults)
    rest += "".join(f"\n{dataset.name}: {note}." for note in notes) if dataset else ""
    told = describe_dataset(data) if dataset else describe_molecules(profiles, len(rest))
    return ToolResult(
        summary=told + rest,
        data=data,
        artifacts=_artifacts(table, taken, profiles, context),
    )


def _either_or(arguments: Arguments) -> ToolError:
    got = "both" if arguments.smiles is not None else "neither"
    expected = "exactly one of smiles and dataset"
    return ToolError(
        "Give either molecules (smiles) or a dataset.",
        *(FieldFault(field=name, got=got, expected=expected) for name in ("smiles", "dataset")),
    )


def _profile(
    entries: list["Entry"],
    taken: list["Entry"],
    labels: dict[int, str],
    form: str,
    context: ToolContext,
) -> list[dict[str, Any]]:
    """Returns the profiles of molecules in the form that they are taken in."""
    from models.molecules.chemistry.properties import profile
    from models.molecules.chemistry.structure import left_out

    profiles = []
    for done, (entry, formed) in enumerate(zip(entries, taken, strict=True)):
        if done % REPORT_EVERY == 0:
            context.progress(done / len(entries), f"{done} of {len(entries)} molecules profiled")
        label = labels.get(entry.row, entry.label)
        given = {"row": entry.row, "given": entry.given, "name": entry.name, "label": label}
        found = profile(formed.molecule)
        notes = list(entry.notes)
        if form in FORMS:
            without = left_out(entry.molecule)
            notes.append(f"Taken as its {FORMS[form]} {found['smiles']}{without}.")
        found["notes"] = [*notes, *found["notes"]]
        profiles.append({**given, **found})
    return profiles


def _similarities(entries: list["Entry"], profiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns Tanimoto's coefficient of every two of a few molecules."""
    from models.molecules.design.search.limits import Near

    if len(entries) > COMPARED:
        return []
    labelled = [
        (one.molecule, found["label"]) for one, found in zip(entries, profiles, strict=True)
    ]
    return [
        {"molecules": [one, other], "tanimoto": Near([first], 0).similarity(second)}
        for (first, one), (second, other) in combinations(labelled, 2)
    ]


def _artifacts(
    table: "pd.DataFrame",
    entries: list["Entry"],
    profiles: list[dict[str, Any]],
    context: ToolContext,
) -> list[Artifact]:
    drawn = zip(entries[:DRAWN], profiles[:DRAWN], strict=True)
    panels = [_panel(entry, found) for entry, found in drawn]
    rows = table.to_dict("records")
    return keep_molecules(context.active_run, panels, rows, rows)


def _panel(entry: "Entry", found: dict[str, Any]) -> "Panel":
    from models.molecules.chemistry.drawing import Panel
    from models.molecules.chemistry.structure import shorten

    values = f"MW {found['molecular_weight']:.1f}  logP {found['logp']:.2f}  QED {found['qed']:.2f}"
    alerts = {
        family: {
            atom for alert in found[family]["alerts"] for place in alert["atoms"] for atom in place
        }
        for family in ("pains", "brenk")
    }
    return Panel(entry.molecule, f"{shorten(found['label'], 34)}\n{values}", alerts)
