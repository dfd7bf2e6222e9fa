"""Names of chemicals and diseases: strict F1 on BC5CDR, and on NCBI-disease, never trained on.

The corpora are those of Li et al. 2016 (doi:10.1093/database/baw068) and Dogan et al. 2014
(doi:10.1016/j.jbi.2013.12.006).
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.errors import PrerequisiteError

if TYPE_CHECKING:
    from models.text.ner.corpus import Sentence
    from models.text.ner.tagger import Tagger

TRAIN, DEVEL, TEST = "train.tsv", "devel.tsv", "test.tsv"
COLUMNS = ["names", "precision", "recall", "F1", "F1 of names known from training", "names there"]
NOTES = [
    "Published on BC5CDR's test part: SciBERT .8901 (Beltagy et al. 2019, arXiv:1903.10676); "
    "MiniLM fine-tuned for two epochs, .844.",
    "NCBI-disease marks by guidelines of its own; the same MiniLM has .51 there.",
]


@eval_task("bc5cdr", "names of chemicals and diseases: strict F1 beside SciBERT's (bar: .86)")
def run(options: EvalOptions) -> Report:
    """Scores the shipped tagger on what it was not trained on.

    With test.tsv that is the test part. Without, `--limit N` trains a tagger on N sentences of the
    training part and scores it on the development part; else the figures are the model's own.
    """
    from models.text.ner.corpus import read_corpus
    from models.text.ner.tagger import load_tagger

    folder = options.folder("bc5cdr")
    paths = [folder / name for name in (TRAIN, DEVEL) if (folder / name).exists()]
    known = [sentence for path in paths for sentence in read_corpus(path)]
    if (folder / TEST).exists():
        test = read_corpus(folder / TEST)[: options.limit]
        scored = _scores("BC5CDR's test part", load_tagger(), known, test)
        figure = "F1 on the test part (bar .86)"
    elif options.limit:
        part = read_corpus(folder / TRAIN)[: options.limit]
        devel = read_corpus(folder / DEVEL)
        scored = _scores("BC5CDR's development part", _trained(part, options.seed), part, devel)
        figure = f"F1 on the development part, trained on {len(part)} sentences"
    else:
        scored, figure = _kept(), "F1 on the development part, trained on the training part"
    tables, figures = [scored], {figure: scored.rows[-1][COLUMNS.index("F1")]}
    if other := _ncbi_disease(options):
        tables.append(_scores("NCBI-disease's test part", load_tagger(), known, other, "Disease"))
        figures["F1 of diseases on NCBI-disease (bar .56)"] = tables[-1].rows[0][3]
    return Report(title="Names in biomedical text", tables=tables, figures=figures, notes=NOTES)


def _scores(
    what: str,
    tagger: "Tagger",
    training: "Sequence[Sentence]",
    test: "Sequence[Sentence]",
    only: str = "",
) -> ReportTable:
    """Scores a tagger beside the names of its training text, on one type or on all."""
    from models.text.ner.dictionary import Dictionary
    from models.text.ner.scoring import find_names, score_names

    wanted = [sentence.names for sentence in test]
    found = [[item.name for item in own] for own in find_names(tagger, test)]
    known = Dictionary(training)
    scores = score_names(found, wanted)
    baseline = score_names([known.find(sentence.words) for sentence in test], wanted)
    kinds = [only] if only else list(scores)
    rows: list[list[Any]] = [
        [kind, *scores[kind][:3], baseline[kind].f1 if training else "-", scores[kind].names]
        for kind in kinds
    ]
    return ReportTable(title=f"{what}: {len(test)} sentences", columns=COLUMNS, rows=rows)


def _kept() -> ReportTable:
    """Returns what was measured when the shipped model was made."""
    from models.text.keeping import SHIPPED, load_text_model

    held = load_text_model(SHIPPED / "entities").config["held_out"]
    rows = [[kind, *scores] for kind, scores in held.items()]
    return ReportTable(
        title="BC5CDR's development part, as measured when the shipped model was made: the same "
        "settings, trained on the training part alone",
        columns=COLUMNS,
        rows=rows,
    )


def _trained(sentences: "Sequence[Sentence]", seed: int) -> "Tagger":
    from models.fitting.effort import Effort
    from models.text.keeping import load_text_model
    from models.text.ner.tagger import Tagger
    from models.text.ner.task import SCHEDULE, fit_tagger

    with tempfile.TemporaryDirectory() as folder:
        fit_tagger(sentences, Path(folder), SCHEDULE, Effort(seed), {})
        return Tagger(load_text_model(Path(folder)))


def _ncbi_disease(options: EvalOptions) -> "Sequence[Sentence]":
    """Returns NCBI-disease's test part, or nothing where it is not there."""
    from models.text.ner.corpus import read_corpus

    try:
        path = options.folder("ncbi_disease") / TEST
    except PrerequisiteError:
        return []
    return read_corpus(path)[: options.limit] if path.exists() else []
