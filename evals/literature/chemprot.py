"""Chemical–protein relations on ChemProt, beside the commonest relation.

The pairs are ChemProt's (Krallinger et al. 2017) in the form of Beltagy et al. 2019
(arXiv:1903.10676): both entities are marked, every pair has one of 13 relations.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evals.registry import EvalOptions, Report, eval_task
from evals.scorers.labels import ONE_EACH, label_tables, scores

if TYPE_CHECKING:
    from models.text.relations.pairs import LabelledPair
    from models.text.relations.reader import RelationReader

PUBLISHED = 0.8364
"""Micro-F1 of SciBERT, fine-tuned, on the test part (Beltagy et al. 2019)."""


@eval_task("chemprot", "relations of chemicals and proteins, ChemProt (bar: micro-F1 of 0.65)")
def run(options: EvalOptions) -> Report:
    """Classifies the test part with the shipped model; without it, dev with a model of train."""
    from models.text.relations.labels import GROUPS, NAMES
    from models.text.relations.pairs import read_pairs
    from models.text.relations.reader import load_relations

    folder = options.folder("chemprot")
    known = read_pairs(folder / "train.txt")
    if (folder / "test.txt").is_file():
        part, reader = "test", load_relations()
        how = "The shipped model, trained on train and dev."
    else:
        part, reader = "dev", _trained(known, options.seed)
        how = "There is no test.txt: a model trained on train.txt alone, as the shipped one is."
    asked = read_pairs(folder / f"{part}.txt")[: options.limit]
    gold = [listed.label for listed in asked]
    found = [relation.label for relation in reader.classify([listed.pair for listed in asked])]
    tables, figures = label_tables(
        f"{part}: {len(gold)} pairs", gold, found, [listed.label for listed in known], NAMES,
        "relation", "pair",
    )  # fmt: skip
    grouped = scores([GROUPS[label] for label in gold], [GROUPS[label] for label in found])
    return Report(
        title="Chemical–protein relations on ChemProt",
        tables=tables,
        figures=figures | {"micro-F1 of BioCreative VI's five groups": grouped[0]},
        notes=[
            how,
            ONE_EACH.format(item="pair", label="relation"),
            f"Published, test part: micro-F1 {PUBLISHED} (SciBERT, Beltagy et al. 2019).",
        ],
    )


def _trained(pairs: "list[LabelledPair]", seed: int) -> "RelationReader":
    """Trains a reader; takes minutes."""
    from models.fitting.effort import Effort
    from models.text.keeping import load_text_model
    from models.text.relations.reader import RelationReader
    from models.text.relations.task import fit_relations

    with tempfile.TemporaryDirectory() as folder:
        fit_relations(pairs, Path(folder), Effort(seed))
        return RelationReader(load_text_model(Path(folder)))
