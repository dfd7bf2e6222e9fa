"""Trains the reader of leanings, measures it and writes its card."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from models.errors import ToolError, fault
from models.fitting.effort import Effort
from models.store.files import write_text
from models.text.leaning.card import leaning_card
from models.text.leaning.model import ANSWERS, save_reader
from models.text.leaning.training import Case, Example, cross_validate, fit

NAME = "leaning"
DESCRIPTION = "How a study leans on a yes/no question, from PubMedQA's articles and questions."
ARTICLES, QUESTIONS = "articles.jsonl", "questions.jsonl"
FOLDS = 10
LEAST = 5
"""Cases that each answer must have, for cross-validation within."""


def train(data: Path, output: Path, effort: Effort) -> dict[str, float]:
    """Measures by nested cross-validation, then trains the model that is kept on all questions.

    Args:
        data: A folder with articles.jsonl (pmid, abstract) and questions.jsonl (pmid, question,
            answer: yes, no or maybe; long_answer: the conclusion).
        output: Where model and card go.
        effort: Its seed decides every random choice.

    Returns:
        Cross-validated figures.

    Raises:
        ToolError: A file is missing or has too few questions of an answer.
    """
    cases = read_cases(data)
    examples = [example for case in cases if (example := Example.of(case))]
    measured = effort.part(0, 0.9)
    held = cross_validate(examples, FOLDS, effort.seed, measured.progress)
    labels = np.array([example.label for example in examples])
    figures = {"majority": float(np.bincount(labels).max() / len(labels))}
    for concluded, rows in held.items():
        name = "_with_conclusion" if concluded else ""
        chosen = rows.argmax(1)
        figures[f"accuracy{name}"] = float((chosen == labels).mean())
        figures[f"macro_f1{name}"] = float(f1_score(labels, chosen, average="macro"))
    fitted = fit(examples, effort.seed, effort.part(0.9, 1).progress)
    config = {
        "task": NAME,
        "temperature": fitted.temperature,
        "strength": fitted.strength,
        "answers": dict(Counter(case.answer for case in cases)),
        "trained_on": sorted(fingerprint(case.question) for case in cases),
        "folds": FOLDS,
        "seed": effort.seed,
        "figures": {name: round(value, 4) for name, value in figures.items()},
    }
    save_reader(output, fitted.arrays, config)
    write_text(output / "card.md", leaning_card(config))
    return figures


def read_cases(folder: Path) -> list[Case]:
    """Returns the questions with the abstracts of their articles.

    Raises:
        ToolError: A file is missing, or there are too few questions of an answer.
    """
    faults = [
        fault("data", str(folder / name), "a file in PubMedQA's layout")
        for name in (ARTICLES, QUESTIONS)
        if not (folder / name).is_file()
    ]
    if faults:
        raise ToolError("The questions or their articles are missing.", *faults)
    abstracts = {str(row["pmid"]): row["abstract"] for row in _rows(folder / ARTICLES)}
    cases = [
        Case(
            row["question"], abstracts[str(row["pmid"])], row.get("long_answer", ""), row["answer"]
        )
        for row in _rows(folder / QUESTIONS)
        if row["answer"] in ANSWERS and str(row["pmid"]) in abstracts
    ]
    counts = Counter(case.answer for case in cases)
    few = [answer for answer in ANSWERS if counts[answer] < LEAST]
    if few:
        wrong = fault("data", f"{counts[few[0]]} questions", f"at least {LEAST} of {few[0]}")
        raise ToolError("There are too few questions to learn from.", wrong)
    return cases


def fingerprint(question: str) -> str:
    """Returns what a model notes of a question that it was trained on."""
    return hashlib.sha256(question.strip().encode()).hexdigest()[:8]


def _rows(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
