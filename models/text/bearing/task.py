"""Training the reader that tells whether a passage bears on a question."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from models.errors import ToolError, fault
from models.fitting.effort import Effort
from models.store.files import write_text
from models.text.bearing.card import bearing_card
from models.text.bearing.encoding import sentence_encoder
from models.text.bearing.features import NAMES, Passage, features
from models.text.bearing.model import save_reader
from models.text.bearing.words import root, tokens

NAME = "bearing"
DESCRIPTION = "Whether a passage bears on a question, from questions with their articles."
ARTICLES, QUESTIONS = "articles.jsonl", "questions.jsonl"
FOLDS = 5
NEAREST = 8
"""Other articles beside each question's own: those nearest to it, which share some of it."""

SILENT = 0.93
"""Share of questions without their article for which nothing may be above the threshold."""

STRENGTH = 1.0
LEAST = 20
SURELY_SILENT = 0.98
"""The same for a verdict, which takes more than being shown."""

Table = NDArray[np.float64]


class Rows(NamedTuple):
    """Questions beside passages: features, whether it is the question's own, and its question."""

    table: Table
    own: NDArray[np.bool_]
    question: NDArray[np.int64]


def train(data: Path, output: Path, effort: Effort) -> dict[str, float]:
    """Measures by cross-validation over questions, then trains the model that is kept on all.

    Args:
        data: A folder with articles.jsonl (pmid, title, abstract) and questions.jsonl (pmid,
            question). The titles of the questions' own articles are not read: in such data they
            are the questions.
        output: Where model and card go.
        effort: Its seed decides nothing here: folds go by question.

    Raises:
        ToolError: A file is missing or has too few questions.
    """
    pairs, texts, titles = _read(data)
    rarities = rarities_of(list(texts.values()))
    rows = _rows(pairs, texts, titles, rarities, effort)
    held = np.zeros(len(rows.own))
    for fit, test in GroupKFold(FOLDS).split(rows.table, rows.own, rows.question):
        mean, scale = rows.table[fit].mean(0), rows.table[fit].std(0) + 1e-9
        model = _fit((rows.table[fit] - mean) / scale, rows.own[fit])
        held[test] = model.predict_proba((rows.table[test] - mean) / scale)[:, 1]
    highest = _highest(held, rows)
    threshold = float(np.quantile(highest, SILENT))
    sure = float(np.quantile(highest, SURELY_SILENT))
    figures = {"recall": float((held[rows.own] >= threshold).mean())}
    figures["anything_without_article"] = float((highest >= threshold).mean())
    figures["recall_for_verdicts"] = float((held[rows.own] >= sure).mean())
    mean, scale = rows.table.mean(0), rows.table.std(0) + 1e-9
    model = _fit((rows.table - mean) / scale, rows.own)
    words = sorted(rarities)
    arrays = {
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "rarity": np.array([rarities[word] for word in words], np.float16),
        "mean": mean.astype(np.float32), "scale": scale.astype(np.float32),
        "coefficients": model.coef_[0].astype(np.float32),
        "intercept": model.intercept_.astype(np.float32),
    }  # fmt: skip
    config = {
        "task": NAME, "features": list(NAMES), "threshold": round(threshold, 4),
        "sure": round(sure, 4),
        "silent": SILENT, "questions": len(pairs), "articles": len(texts), "folds": FOLDS,
        "figures": {name: round(value, 4) for name, value in figures.items()},
    }  # fmt: skip
    save_reader(output, arrays, config)
    write_text(output / "card.md", bearing_card(config))
    return figures


def rarities_of(texts: Sequence[str]) -> dict[str, float]:
    """Returns how rare each word is that at least two of the texts have."""
    spread = Counter(word for text in texts for word in {root(token) for token in tokens(text)})
    return {word: math.log(len(texts) / count) for word, count in spread.items() if count > 1}


def _fit(table: Table, own: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=2000).fit(table, own)


def _highest(held: Table, rows: Rows) -> Table:
    """Returns the highest probability among the other articles, by question."""
    highest = np.zeros(int(rows.question.max()) + 1)
    others = ~rows.own
    np.maximum.at(highest, rows.question[others], held[others])
    return highest


def _rows(
    pairs: Sequence[tuple[str, str]],
    texts: dict[str, str],
    titles: dict[str, str],
    rarities: dict[str, float],
    effort: Effort,
) -> Rows:
    """Puts each question beside its own article and those nearest to it."""
    encode = sentence_encoder()
    ids = list(texts)
    vectors = encode([texts[key] for key in ids])
    tables, own, question = [], [], []
    for number, (asked, key) in enumerate(pairs):
        effort.progress(number / len(pairs), f"question {number + 1} of {len(pairs)}")
        order = np.argsort(-(vectors @ encode([asked])[0]))
        others = [ids[k] for k in order if ids[k] != key][:NEAREST]
        passages = [Passage("", texts[key])]
        passages += [Passage(titles[one], texts[one]) for one in others]
        tables.append(features(asked, passages, rarities, encode)[1])
        own += [True, *[False] * len(others)]
        question += [number] * len(passages)
    return Rows(np.concatenate(tables), np.array(own), np.array(question))


def _read(folder: Path) -> tuple[list[tuple[str, str]], dict[str, str], dict[str, str]]:
    faults = [
        fault("data", str(folder / name), "a file in PubMedQA's layout")
        for name in (ARTICLES, QUESTIONS)
        if not (folder / name).is_file()
    ]
    if faults:
        raise ToolError("The questions or their articles are missing.", *faults)
    articles = {str(row["pmid"]): row for row in _lines(folder / ARTICLES)}
    texts = {key: str(row["abstract"]) for key, row in articles.items()}
    titles = {key: str(row.get("title", "")) for key, row in articles.items()}
    pairs = [(row["question"], str(row["pmid"])) for row in _lines(folder / QUESTIONS)]
    pairs = [(asked, key) for asked, key in pairs if key in texts]
    if len(pairs) < LEAST:
        wrong = fault("data", f"{len(pairs)} questions", f"at least {LEAST}")
        raise ToolError("There are too few questions to learn from.", wrong)
    return pairs, texts, titles


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
