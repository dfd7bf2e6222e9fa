"""Silent where nothing bears, right where something does: PubMedQA with and without its articles.

Questions and articles are those of Jin et al. 2019 (arXiv:1909.06146). Each question is asked of a
library that lacks its article, and of one that has it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.store.workspace import Workspace

ABSENT = 150
"""Questions whose article is left out of the first library."""

TOP = 8
Rows = list[dict[str, Any]]


@eval_task("answerability", "no verdict without evidence, right verdicts with it, on PubMedQA")
def run(options: EvalOptions) -> Report:
    """Asks without the questions' articles, then with them."""
    folder = options.folder("pubmedqa")
    questions = _records(folder / "questions.jsonl")[: options.limit]
    articles = _records(folder / "articles.jsonl")
    asked = questions[:: max(1, len(questions) // ABSENT)][:ABSENT]
    gone = {str(question["pmid"]) for question in asked}
    kept = [article for article in articles if str(article["pmid"]) not in gone]
    without = _ask(options, "without", kept, asked)
    having = _ask(options, "with", articles, questions)
    given = [data["verdict"]["answer"] if "verdict" in data else "none" for data in without]
    silent = {
        "verdict given, article absent (bar at most .03)": _share(
            [answer in ("yes", "no", "mixed") for answer in given]
        ),
        "anything called relevant, article absent (bar at most .10)": _share(
            [any(row["bears"] for row in data["results"]) for data in without]
        ),
    }
    figures = silent | _with_articles(questions, having)
    truth = [question["answer"] for question in questions]
    common = Counter(truth).most_common(1)[0]
    wording = _wording(questions, articles)
    rows = [["the product", figures[RIGHT], figures[GIVEN], figures[NO_AS_YES]],
            ["wording alone, always answering", *wording],
            [f"commonest answer ({common[0]})", common[1] / len(truth), 1.0, 1.0]]  # fmt: skip
    columns = ["who answers", "right, of those given", "given", "'no' answered yes"]
    return Report(
        title="Answerability",
        tables=[ReportTable(title=f"{len(truth)} questions", columns=columns, rows=rows)],
        figures={name: round(value, 4) for name, value in figures.items()},
        notes=[
            "The readers were trained on these questions where this is the shared half: rosy "
            "figures. The cards of bearing and leaning have cross-validated ones.",
        ],
    )


CITED, RIGHT, GIVEN, NO_AS_YES, QUOTED = (
    "own article cited (bar .97)",
    "verdicts right, of those given (bar .75)",
    "verdicts given (bar .60)",
    "'no' answered yes (bar at most .15)",
    "findings quoted from the last two thirds (bar .90)",
)


def _with_articles(questions: Rows, found: Rows) -> dict[str, float]:
    cited, said, late = [], [], []
    for question, data in zip(questions, found, strict=True):
        own = [row for row in data["results"] if row["id"] == str(question["pmid"])]
        cited.append(any(row["bears"] for row in own))
        said.append(data["verdict"]["answer"] if "verdict" in data else "none")
        late += [
            row["finding"]["start"] - row["start"] > len(row["text"]) / 3
            for row in own
            if row.get("finding")
        ]
    pairs = list(zip((q["answer"] for q in questions), said, strict=True))
    given = [(truth, answer) for truth, answer in pairs if answer in ("yes", "no")]
    return {
        CITED: _share(cited),
        RIGHT: _share([truth == answer for truth, answer in given]),
        GIVEN: len(given) / len(pairs),
        NO_AS_YES: _share([answer == "yes" for truth, answer in pairs if truth == "no"]),
        QUOTED: _share(late),
    }


def _wording(questions: Rows, articles: Rows) -> tuple[float, float, float]:
    """Returns what the reader of wording gives that always answers, from the right article."""
    from models.text.leaning.model import load_reader

    reader = load_reader()
    texts = {str(article["pmid"]): article["abstract"] for article in articles}
    said = [reader.read(q["question"], texts[str(q["pmid"])]).answer for q in questions]
    pairs = list(zip((q["answer"] for q in questions), said, strict=True))
    right = _share([truth == answer for truth, answer in pairs])
    return right, 1.0, _share([answer == "yes" for truth, answer in pairs if truth == "no"])


def _ask(options: EvalOptions, name: str, articles: Rows, questions: Rows) -> Rows:
    """Makes a library of articles and returns what the search tool says to each question."""
    from retrieval.library import Library
    from tools.execution import execute

    workspace = Workspace(options.workspace.root / name)
    workspace.root.mkdir(parents=True, exist_ok=True)
    path = workspace.root / "articles.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    with Library(workspace) as library:
        library.add([path])
        return [
            execute(workspace, "search_literature", {"query": q["question"], "top_k": TOP}).data
            for q in questions
        ]


def _share(values: Sequence[bool]) -> float:
    return sum(values) / max(1, len(values))


def _records(path: Path) -> Rows:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
