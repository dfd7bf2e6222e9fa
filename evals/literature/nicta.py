"""Sentence roles on NICTA-PIBOSO, beside the commonest role.

The abstracts are those of Kim et al. 2011 (doi:10.1186/1471-2105-12-S2-S5) with one role for each
sentence, as Jin and Szolovits 2018 prepared them.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evals.registry import EvalOptions, Report, eval_task
from evals.scorers.labels import ONE_EACH, label_tables

if TYPE_CHECKING:
    from models.text.roles.abstracts import LabelledAbstract
    from models.text.roles.reader import RoleReader

PUBLISHED = 0.847
"""Weighted F1 of HSLN-RNN on the test part (Jin and Szolovits 2018, arXiv:1808.06161)."""


@eval_task("nicta", "roles of sentences in abstracts, NICTA-PIBOSO (bar: micro-F1 of 0.78)")
def run(options: EvalOptions) -> Report:
    """Reads the test part with the shipped model; where it is absent, dev with one of train's."""
    from models.text.roles.abstracts import ROLES, read_abstracts
    from models.text.roles.reader import load_roles

    folder = options.folder("nicta_piboso")
    known = read_abstracts(folder / "train.txt")
    if (folder / "test.txt").is_file():
        part, reader = "test", load_roles()
        how = "The shipped model, trained on train and dev."
    else:
        part, reader = "dev", _trained(known, options.seed)
        how = "There is no test.txt: a model trained on train.txt alone, as the shipped one is."
    abstracts = read_abstracts(folder / f"{part}.txt")[: options.limit]
    read = reader.read([abstract.sentences for abstract in abstracts])
    gold = [role for abstract in abstracts for role in abstract.roles]
    found = [role.label for roles in read for role in roles]
    tables, figures = label_tables(
        f"{part}: {len(abstracts)} abstracts, {len(gold)} sentences",
        gold, found, [role for abstract in known for role in abstract.roles],
        {role: role for role in ROLES}, "role", "sentence",
    )  # fmt: skip
    return Report(
        title="Sentence roles on NICTA-PIBOSO",
        tables=tables,
        figures=figures,
        notes=[
            how,
            ONE_EACH.format(item="sentence", label="role"),
            f"Published, test part: weighted F1 {PUBLISHED} (HSLN-RNN, Jin and Szolovits 2018).",
        ],
    )


def _trained(abstracts: "list[LabelledAbstract]", seed: int) -> "RoleReader":
    """Trains a reader; takes about two minutes."""
    from models.fitting.effort import Effort
    from models.text.keeping import load_text_model
    from models.text.roles.reader import RoleReader
    from models.text.roles.task import fit_roles

    with tempfile.TemporaryDirectory() as folder:
        fit_roles(abstracts, Path(folder), Effort(seed))
        return RoleReader(load_text_model(Path(folder)))
