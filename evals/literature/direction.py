"""Questions that turn on direction, comparison, harm, dose, population and negation.

The studies are invented; so are the drugs, and the reader's words were chosen with them at hand, so
that unseen ones are the better measure. Beside them: PubMedQA's questions turned round.
"""

import json
import re
from pathlib import Path
from typing import Any

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.errors import PrerequisiteError

TURNED = {
    "increase": "decrease", "increases": "decreases", "increased": "decreased",
    "decrease": "increase", "decreased": "increased", "reduce": "increase",
    "reduces": "increases", "reduced": "increased", "improve": "worsen", "improves": "worsens",
    "higher": "lower", "lower": "higher", "better": "worse", "prevent": "cause",
}  # fmt: skip


@eval_task("direction", "verdicts on invented studies, and questions turned round, on PubMedQA")
def run(options: EvalOptions) -> Report:
    """Asks of invented abstracts, then asks questions and their contraries of the same article."""
    content = Path(__file__).with_name("direction.jsonl").read_text(encoding="utf-8")
    studies = [json.loads(line) for line in content.splitlines()]
    outcomes = {"right": 0, "unclear": 0, "wrong": 0}
    wrong: list[list[Any]] = []
    for study in studies:
        for question, expected in study["asks"]:
            said = _answer(question, study["text"])
            kind = "right" if said == expected else "unclear"
            if said in ("yes", "no") and said != expected:
                kind = "wrong"
                wrong.append([question, expected, said])
            outcomes[kind] += 1
    figures: dict[str, Any] = {f"invented, {name}": count for name, count in outcomes.items()}
    tables = [
        ReportTable(title="the wrong way round", columns=["question", "is", "said"], rows=wrong)
    ]
    notes = ["'none' is right where the study has another population or dose."]
    try:
        same, total = _turned_round(options.folder("pubmedqa"))
        figures["turned round, asked"] = total
        figures["turned round, same verdict (bar at most .10)"] = round(same / max(1, total), 4)
    except PrerequisiteError:
        notes.append("PubMedQA is not here: nothing was turned round.")
    return Report(title="Direction", tables=tables, figures=figures, notes=notes)


def _answer(question: str, text: str) -> str:
    """Returns the verdict on a library of one study, as the search tool reaches it."""
    from models.text.bearing.features import Passage
    from models.text.bearing.model import load_bearing
    from models.text.claims.judgement import judge
    from models.text.leaning.model import load_reader
    from retrieval.embedding.embedder import load_embedder

    passage = Passage("", text)
    if not load_bearing().read(question, [passage], load_embedder().encode)[0].bears:
        return "none"
    return judge(question, text, load_reader().read(question, text)).answer


def _turned_round(folder: Path) -> tuple[int, int]:
    """Returns how many questions get the same verdict as their contrary, and of how many."""
    articles = _records(folder / "articles.jsonl")
    texts = {str(article["pmid"]): article["abstract"] for article in articles}
    same = total = 0
    for question in _records(folder / "questions.jsonl"):
        asked = question["question"]
        word = next((w for w in TURNED if re.search(rf"\b{w}\b", asked)), None)
        if word is None:
            continue
        text = texts[str(question["pmid"])]
        contrary = re.sub(rf"\b{word}\b", TURNED[word], asked, count=1)
        said = {one: _judged(one, text) for one in (asked, contrary)}
        total += 1
        same += said[asked] == said[contrary] != "unclear"
    return same, total


def _judged(question: str, text: str) -> str:
    from models.text.claims.judgement import judge
    from models.text.leaning.model import load_reader

    return judge(question, text, load_reader().read(question, text)).answer


def _records(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
