"""Predictions of an affinity model, for `predict`."""

from typing import TYPE_CHECKING, Any

from models.errors import FieldFault, ToolError
from tools.contract import Artifact, ToolContext, ToolResult
from tools.wording import figures, within_limit

if TYPE_CHECKING:
    from models.molecules.affinity.fitted import FittedAffinityModel

SHOWN = 5
MOST_PAIRS = 200_000
CAUTION = "A predicted affinity is no measurement."


def predict_bindings(
    name: str, model: "FittedAffinityModel", smiles: list[str], proteins: list[str] | None,
    context: ToolContext,
) -> ToolResult:  # fmt: skip
    """Predicts molecules against named proteins, or against all that were measured.

    Raises:
        ToolError: Some molecules or proteins cannot be read; names all of them.
    """
    import numpy as np
    import pandas as pd
    from rdkit import Chem

    from models.molecules.affinity.predictions import bound_columns, sentence
    from models.molecules.chemistry.entries import read_entries

    entries, faults = read_entries(smiles, as_parent=True)
    chosen: list[tuple[str, str]] = []
    for text in proteins or []:
        try:
            chosen.append(model.protein(text, "proteins"))
        except ToolError as error:
            faults += error.faults
    if faults:
        raise ToolError("Some molecules or proteins cannot be read.", *faults)
    if proteins is None:
        chosen = list(zip(model.pairs.proteins, model.pairs.sequences, strict=True))
    if len(entries) * len(chosen) > MOST_PAIRS:
        got = f"{len(entries)} molecules, {len(chosen)} proteins"
        wrong = FieldFault(field="proteins", got=got, expected=f"at most {MOST_PAIRS:,} pairs")
        raise ToolError("These are too many pairs at once.", wrong)
    rows = np.repeat(np.arange(len(entries)), len(chosen))
    columns = np.tile(np.arange(len(chosen)), len(entries))
    predicted = model.predict([entry.molecule for entry in entries], chosen, rows, columns)
    table = pd.DataFrame(
        {
            "molecule": [entries[n].label for n in rows],
            "smiles": [Chem.MolToSmiles(entries[n].molecule) for n in rows],
            "protein": [chosen[n][0] for n in columns],
        }
        | bound_columns(model, predicted)
    )
    # Against many proteins the strongest come first: they are what is asked for.
    order = np.lexsort((-predicted.value, rows)) if proteins is None else np.arange(len(rows))
    sentences = [f"{name}:"]
    sentences += [
        f"{table['molecule'][n]} and {_short(table['protein'][n])}: "
        f"{sentence(model, predicted, int(n))}."
        for n in order[:SHOWN]
    ]
    if len(order) > SHOWN:
        sentences.append(f"{len(order) - SHOWN} more pairs are in predictions.csv.")
    notes = [f"{entry.label}: {note}" for entry in entries for note in entry.parent_notes]
    table = table.iloc[order].reset_index(drop=True)
    path = _write(table, context)
    return ToolResult(
        summary=within_limit([*sentences, *notes[:SHOWN], CAUTION]),
        data={
            "model": name, "predictions": _json_rows(table.head(200)), "pairs": len(table),
            "notes": notes,
        },
        artifacts=[Artifact(kind="table", path=str(path))],
    )  # fmt: skip


def predict_pair_table(
    name: str, model: "FittedAffinityModel", manifest: dict[str, Any], reference: str,
    context: ToolContext,
) -> ToolResult:  # fmt: skip
    """Predicts the pairs of a table; judges them where it knows the affinities."""
    import numpy as np
    import pandas as pd
    from rdkit import Chem

    from models.data.tables import load_dataset
    from models.molecules.affinity.columns import find_columns
    from models.molecules.affinity.judging import HEADLINE, judge
    from models.molecules.affinity.pairs import read_pairs
    from models.molecules.affinity.predictions import bound_columns, sentence

    dataset = load_dataset(reference, context.workspace)
    context.active_run.record(data_sha256=dataset.sha256)
    known = {"value": manifest["target"]["target_column"]} | manifest["columns"]
    value = known["value"]
    named = {key: known[key] if known[key] in dataset.frame else None for key in known}
    judged = value in dataset.frame
    if not judged:  # any number will do: it is not looked at
        dataset.frame[value] = 0.0
    unit = manifest["unit"] if judged else "log"
    columns = find_columns(dataset, named["smiles"], named["protein"], value, unit)
    pairs = read_pairs(dataset, columns, None, context.workspace)
    proteins = [
        model.known_protein(protein) or (protein, sequence)
        for protein, sequence in zip(pairs.proteins, pairs.sequences, strict=True)
    ]
    context.progress(0.3, f"predicting {len(pairs)} pairs")
    molecules = [Chem.MolFromSmiles(one) for one in pairs.smiles]
    predicted = model.predict(molecules, proteins, pairs.molecule, pairs.protein)
    table = pd.DataFrame(
        {
            "smiles": [pairs.smiles[n] for n in pairs.molecule],
            "protein": [proteins[n][0] for n in pairs.protein],
        }
        | ({model.target: pairs.value} if judged else {})
        | bound_columns(model, predicted),
        index=pd.Index(pairs.row, name="row"),
    )
    sentences = [f"{name} predicted {len(pairs):,} pairs of {dataset.name}."]
    notes = list(pairs.notes)
    metrics: dict[str, Any] = {}
    if judged:
        metrics = dict(judge(pairs.value, predicted.value, predicted.low, predicted.high, 0))
        sentences.append(f"Judged on their affinities: {figures(metrics, HEADLINE)}.")
        if np.isfinite(predicted.measured).any():
            count = int(np.isfinite(predicted.measured).sum())
            notes.insert(0, f"{count:,} of these pairs were trained on: the metrics are too good")
    sentences += [f"Row {pairs.row[n]}: {sentence(model, predicted, n)}."
                  for n in range(min(2, len(pairs)))]  # fmt: skip
    path = _write(table, context)
    sentences += [f"{note}." for note in notes] + [f"All are in {path.name}. {CAUTION}"]
    return ToolResult(
        summary=within_limit(sentences),
        data={
            "model": name, "rows": len(pairs), "metrics": metrics, "notes": notes,
            "predictions": _json_rows(table.head(100).reset_index()),
        },
        artifacts=[Artifact(kind="table", path=str(path))],
    )  # fmt: skip


def _short(protein: str) -> str:
    return protein if len(protein) <= 40 else f"{protein[:20]}... ({len(protein)} residues)"


def _write(table: Any, context: ToolContext) -> Any:
    path = context.active_run.artifact("predictions.csv")
    table.to_csv(path)
    return path


def _json_rows(table: Any) -> list[dict[str, Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
