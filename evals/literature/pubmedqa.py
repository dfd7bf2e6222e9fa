"""Yes, no or maybe on PubMedQA: from the abstract, and through the whole path with a library.

Questions and articles are those of Jin et al. 2019 (arXiv:1909.06146). The abstracts lack their
conclusions: the paper's reasoning-required setting.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.metrics.intervals import bootstrap

CHOICES = ("yes", "no", "maybe")
FOLDS = 10
DEEP = 8
BARE = (
    "Answer the biomedical research question with yes, no or maybe, from the abstract that follows."
)


@eval_task("pubmedqa", "yes/no/maybe from abstracts and through the library (bar: accuracy 0.62)")
def run(options: EvalOptions) -> Report:
    """Reads each question's abstract, then finds it in a library and answers."""
    import numpy as np

    from models.text.leaning.model import ANSWERS, load_reader
    from models.text.leaning.task import fingerprint

    folder = options.folder("pubmedqa")
    abstracts = {str(a["pmid"]): a["abstract"] for a in _records(folder / "articles.jsonl")}
    questions = [
        {"pmid": str(q["pmid"]), "text": q["question"], "answer": q["answer"],
         "conclusion": q.get("long_answer", "")}
        for q in _records(folder / "questions.jsonl")
    ]  # fmt: skip
    reader = load_reader()
    trained = set(reader.config["trained_on"])
    fresh = [q for q in questions if fingerprint(q["text"]) not in trained]
    if fresh:
        questions = fresh[: options.limit]
        part = f"{len(questions)} questions that the reader was not trained on"
        read = [reader.read(q["text"], abstracts[q["pmid"]]).answer for q in questions]
    else:
        part = f"{len(questions)} questions, nested {FOLDS}-fold cross-validation"
        held = _cross_validated(questions, abstracts, options.seed)
        read = [ANSWERS[k] for k in np.asarray(held).argmax(1)]
        questions, read = questions[: options.limit], read[: options.limit]
    truth = [q["answer"] for q in questions]
    common = Counter(truth).most_common(1)[0][0]
    rows = [
        _row("the reader, on the abstract", truth, read),
        _row(f"commonest answer ({common})", truth, [common] * len(truth)),
    ]
    figures = {"accuracy": rows[0][1], "macro-F1": rows[0][4], "majority": rows[1][1]}
    notes = [
        "Published for PubMedQA's 500 test questions, conclusions not read: majority .552, BioBERT "
        "in several phases with 272,500 more questions .681, one person .780 (Jin et al. 2019).",
    ]
    if not fresh:
        notes.append(
            "The reader's cues were worded with these questions at hand: a somewhat rosy figure."
        )
    found, ranks = _through_library(options, folder, questions)
    rows.append(_row("the whole path: library, search, leaning", truth, found))
    at_ten = sum(rank is not None and rank < 10 for rank in ranks) / len(ranks)
    figures |= {"whole path": rows[-1][1], "article found, recall@10": round(at_ten, 4)}
    if not fresh:
        notes.append("In the whole path the shipped reader answers, which was trained on these.")
    if options.llm:
        from evals.agents.bare_model import BareModel

        bare = BareModel.connect(options.llm)
        asked = [f"{q['text']}\n\n{abstracts[q['pmid']]}" for q in questions]
        said = [answer.choice or "" for answer in bare.choose(asked, CHOICES, BARE)]
        rows.append(_row(f"bare {bare.name}, on the abstract", truth, said))
        said = [a.choice or "" for a in bare.choose([q["text"] for q in questions], CHOICES)]
        rows.append(_row(f"bare {bare.name}, question alone", truth, said))
    columns = ["who answers", "accuracy", "low", "high", "macro-F1", "yes", "no", "maybe"]
    return Report(
        title="PubMedQA",
        tables=[ReportTable(title=part, columns=columns, rows=rows)],
        figures=figures,
        notes=notes,
    )


def _cross_validated(
    questions: Sequence[dict[str, Any]], abstracts: dict[str, str], seed: int
) -> Any:
    from models.text.leaning.training import Case, Example, cross_validate

    cases = [Case(q["text"], abstracts[q["pmid"]], q["conclusion"], q["answer"]) for q in questions]
    examples = [example for case in cases if (example := Example.of(case))]
    return cross_validate(examples, FOLDS, seed)[False]


def _through_library(
    options: EvalOptions, folder: Path, questions: Sequence[dict[str, str]]
) -> tuple[list[str], list[int | None]]:
    """Searches a library of these and SciFact's articles; returns answers, and articles' ranks."""
    from models.errors import PrerequisiteError
    from retrieval.library import Library
    from tools.execution import execute

    paths = [folder / "articles.jsonl"]
    try:
        paths.append(options.folder("scifact") / "corpus.jsonl")
    except PrerequisiteError:
        paths = paths[:1]
    answers: list[str] = []
    ranks: list[int | None] = []
    with Library(options.workspace) as library:
        library.add(paths)
        for question in questions:
            arguments = {"query": question["text"], "top_k": 10}
            data = execute(options.workspace, "search_literature", arguments).data
            ids = [row["id"] for row in data["results"]]
            ranks.append(ids.index(question["pmid"]) if question["pmid"] in ids else None)
            said = data.get("verdict", {}).get("answer", "")
            answers.append(said if said in ("yes", "no") else "maybe")
    return answers, ranks


def _row(name: str, truth: Sequence[str], said: Sequence[str]) -> list[Any]:
    """Returns accuracy with its interval, macro-F1, and how often each answer was given."""
    import numpy as np
    from sklearn.metrics import f1_score

    right = np.array([one == other for one, other in zip(truth, said, strict=True)], float)
    interval = bootstrap(lambda rows: float(right[rows].mean()), len(right))
    macro = f1_score(truth, said, labels=list(CHOICES), average="macro", zero_division=0)
    given = Counter(said)
    shown = [round(interval[key] or 0.0, 4) for key in ("value", "low", "high")]
    return [name, *shown, round(float(macro), 4), *(given[choice] for choice in CHOICES)]


def _records(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
