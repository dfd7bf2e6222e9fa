"""Which atoms drive a model of molecular properties, for `explain_model`."""

from typing import TYPE_CHECKING, Any

from models.errors import FieldFault, ToolError
from tools.contract import Artifact, ToolContext, ToolResult
from tools.wording import within_limit

if TYPE_CHECKING:
    from rdkit import Chem

    from models.molecules.properties.atoms import Contributions
    from models.molecules.properties.fitted import FittedPropertyModel

HELD_OUT = 24
DRAWN = 12
NAMED_ATOMS = 3
NAMED_GROUPS = 8
CAUTION = "This says what the model uses, not what causes the property."


def explain_molecules(
    name: str,
    model: "FittedPropertyModel",
    manifest: dict[str, Any],
    smiles: list[str] | None,
    row: int | None,
    seed: int,
    context: ToolContext,
) -> ToolResult:
    """Masks the atoms of given molecules, of a row of the model's table, or of held-out ones.

    Raises:
        ToolError: What is given is no molecule, or no such row.
    """
    from models.molecules.properties.atoms import contributions, draw, group_effects
    from models.store.files import write_bytes

    chosen = _chosen(name, manifest, smiles, row, seed, context)
    found = []
    for number, (_, molecule) in enumerate(chosen):
        context.progress(0.9 * number / len(chosen), f"molecule {number + 1} of {len(chosen)}")
        found.append(contributions(model, molecule))
    score = model.targets.names[0]
    if model.targets.task == "classification":
        score = f"probability of {score} = {model.targets.classes[0][1]}"
    picture = context.active_run.artifact("atoms.png")
    shown = _extremes(found) if smiles is None and row is None else list(range(len(found)))[:DRAWN]
    legends = [f"{chosen[n][0][:28]}: {found[n].value:.3g}" for n in shown]
    write_bytes(picture, draw([found[n] for n in shown], legends))
    if smiles is None and row is None:
        groups = group_effects(found)
        words = ", ".join(f"{g} {v:+.3g} ({n})" for g, v, n in groups[:NAMED_GROUPS])
        sentences = [
            f"{name}: atoms of {len(found)} held-out molecules were masked one by one.",
            f"Mean effect of an atom on {score}, by group (molecules): {words or 'none'}.",
        ]
    else:
        sentences = [f"{name}: what each atom adds to {score}, by masking it."]
        sentences += [
            f"{label}: {_words(one)}." for (label, _), one in zip(chosen, found, strict=True)
        ]
    if len(model.targets.names) > 1:
        sentences.append(f"Explained is {model.targets.names[0]}, the first of its targets.")
    sentences.append("In the picture blue atoms raise the prediction, red ones lower it.")
    return ToolResult(
        summary=within_limit([*sentences, CAUTION]),
        data={
            "model": name,
            "method": "masking",
            "score": score,
            "molecules": [_data(label, one) for (label, _), one in zip(chosen, found, strict=True)],
            "groups": [
                {"group": group, "effect": effect, "molecules": count}
                for group, effect, count in group_effects(found)
            ],
        },
        artifacts=[Artifact(kind="picture", path=str(picture))],
    )


def _chosen(
    name: str,
    manifest: dict[str, Any],
    smiles: list[str] | None,
    row: int | None,
    seed: int,
    context: ToolContext,
) -> "list[tuple[str, Chem.Mol]]":
    """Returns the molecules to explain, each with a label."""
    from models.molecules.chemistry.entries import read_entries

    if smiles is not None and row is not None:
        wrong = FieldFault(field="row", got=str(row), expected="smiles or row, not both")
        raise ToolError("Say which molecule to explain.", wrong)
    if smiles is None:
        smiles = _of_table(name, manifest, row, seed, context)
    entries, faults = read_entries(smiles, as_parent=True)
    if faults:
        raise ToolError("Some molecules cannot be read.", *faults)
    return [(entry.label, entry.molecule) for entry in entries]


def _of_table(
    name: str, manifest: dict[str, Any], row: int | None, seed: int, context: ToolContext
) -> list[str]:
    """Returns the SMILES of a row of the table, or of some held-out molecules."""
    import pandas as pd

    from models.data.tables import load_dataset
    from models.molecules.properties.train import HELD_OUT as TABLE
    from models.store.registry import ModelStore

    if row is None:
        held_out = pd.read_csv(ModelStore(context.workspace).folder(name) / TABLE)["smiles"]
        chosen = held_out.sample(min(HELD_OUT, len(held_out)), random_state=seed).sort_index()
        return [str(text) for text in chosen]
    dataset = load_dataset(manifest["dataset"], context.workspace)
    if not 0 <= row < len(dataset.frame):
        expected = f"0 to {len(dataset.frame) - 1}"
        raise ToolError(
            "There is no such row.", FieldFault(field="row", got=str(row), expected=expected)
        )
    return [str(dataset.frame[manifest["smiles_column"]].iloc[row])]


def _extremes(found: "list[Contributions]") -> list[int]:
    """Returns the highest and the lowest predictions, highest first."""
    order = sorted(range(len(found)), key=lambda n: -found[n].value)
    half = DRAWN // 2
    return order if len(order) <= DRAWN else [*order[:half], *order[-half:]]


def _words(one: "Contributions") -> str:
    """Names the atoms that raise the prediction most, and those that lower it most."""
    ranked = sorted(range(len(one.atoms)), key=lambda atom: -one.atoms[atom])
    up = [atom for atom in ranked[:NAMED_ATOMS] if one.atoms[atom] > 0]
    down = [atom for atom in ranked[::-1][:NAMED_ATOMS] if one.atoms[atom] < 0]
    parts = [f"predicted {one.value:.3g}"]
    for verb, atoms in (("raised", up), ("lowered", down)):
        if atoms:
            each = ", ".join(f"{_called(one, atom)} {one.atoms[atom]:+.2g}" for atom in atoms)
            parts.append(f"{verb} most by {each}")
    return "; ".join(parts)


def _called(one: "Contributions", atom: int) -> str:
    place = one.molecule.GetAtomWithIdx(atom)
    ring = "aromatic " if place.GetIsAromatic() else ""
    return f"{ring}{place.GetSymbol()}{atom}"


def _data(label: str, one: "Contributions") -> dict[str, Any]:
    from rdkit import Chem

    return {
        "molecule": label,
        "smiles": Chem.MolToSmiles(one.molecule, canonical=False),
        "value": one.value,
        "atoms": [
            {"atom": n, "element": atom.GetSymbol(), "contribution": float(one.atoms[n])}
            for n, atom in enumerate(one.molecule.GetAtoms())
        ],
    }
