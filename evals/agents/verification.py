"""Corrupted and sound answers through `verify`: how many are caught, how many wrongly flagged.

The answers are made from real articles, as language models write them: sentences copied, opened,
quoted, shortened, with numbers rounded or put another way; each corrupted in one thing.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from agent.verify import check
from evals.registry import EvalOptions, Report, ReportTable, eval_task
from evals.scorers.corruptions import Article, Made, make
from models.errors import PrerequisiteError
from models.text.sentences import split_sentences

CAUGHT_BAR, FLAGGED_BAR = 0.99, 0.02
SCIFACT_ARTICLES = 500
NEIGHBOURS = 7
SHORTEST = 40
"""Characters of a conclusion's sentence that is used."""


@eval_task(
    "verification", "corrupted answers caught, sound ones flagged (bar: >= 99%, <= 2%), by kind"
)
def run(options: EvalOptions) -> Report:
    """Checks answers made from the starter notes and from the public articles that are there."""
    sets: dict[str, list[Article]] = {"starter notes": read_notes()}
    tables: list[ReportTable] = []
    notes: list[str] = []
    try:
        sets["PubMedQA"] = read_articles(options.folder("pubmedqa") / "articles.jsonl")
        sets["SciFact"] = read_articles(options.folder("scifact") / "corpus.jsonl")[
            :SCIFACT_ARTICLES
        ]
    except PrerequisiteError as error:
        notes.append(f"{error} Only the sets above were used.")
    figures: dict[str, Any] = {}
    for name, articles in sets.items():
        table, shares = measure(name, make(articles[: options.limit], options.seed))
        tables.append(table)
        figures |= {f"{name}: {what}": share for what, share in shares.items()}
    if "PubMedQA" in sets:
        tables.append(_conclusions(options, sets["PubMedQA"][: options.limit]))
    notes += [
        "Checking was developed on PubMedQA's articles; SciFact's and the notes were not seen.",
        "A checker that only looks numbers and quotations up in all passages is the plain peer.",
    ]
    return Report(title="Verification of answers", tables=tables, figures=figures, notes=notes)


def measure(name: str, answers: Iterable[Made]) -> tuple[ReportTable, dict[str, float]]:
    """Returns what was flagged by kind, and the shares over all kinds."""
    counts: dict[tuple[bool, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for made in answers:
        count = counts[made.sound, made.kind]
        count[0] += 1
        count[1] += bool(check(made.answer, made.passages, [], ""))
        count[2] += _looked_up(made)
    rows: list[list[Any]] = []
    shares: dict[str, float] = {}
    for sound, word in ((False, "corrupted caught"), (True, "sound flagged")):
        kinds = sorted(kind for was, kind in counts if was is sound)
        total = [sum(column) for column in zip(*(counts[sound, k] for k in kinds), strict=True)]
        rows += [_row(kind, counts[sound, kind], sound=sound) for kind in kinds]
        rows.append(_row(f"all: {word}", total, sound=sound))
        shares[word] = round(total[1] / total[0], 4)
        shares[f"{word} by plain look-up"] = round(total[2] / total[0], 4)
    columns = ["what was done", "", "answers", "flagged", "share", "plain look-up"]
    return ReportTable(title=name, columns=columns, rows=rows), shares


def _row(kind: str, count: Sequence[int], *, sound: bool) -> list[Any]:
    total, flagged, plain = count
    which = "sound" if sound else "corrupted"
    return [kind, which, total, flagged, f"{flagged / total:.1%}", f"{plain / total:.1%}"]


def _looked_up(made: Made) -> bool:
    """The peer: are citations known, and all numbers and quotations anywhere in the passages?"""
    from agent.verification.pieces import CITATION, plain, quotations
    from agent.verify import numbers

    everything = plain(" ".join(f"{p['title']} {p['text']} {p['year']}" for p in made.passages))
    known = {p["n"] for p in made.passages}
    return (
        any(int(n) not in known for n in CITATION.findall(made.answer))
        or any(plain(quote.words) not in everything for quote in quotations(made.answer))
        or bool(numbers(made.answer) - numbers(everything))
    )


def _conclusions(options: EvalOptions, articles: list[Article]) -> ReportTable:
    """The authors' own conclusions, which the abstracts lack: the freest paraphrase there is."""
    rng = random.Random(options.seed)  # noqa: S311  # reproducible, nothing secret
    by_id = {article.id: article for article in articles}
    own = wrong = total = absent = 0
    for question in _records(options.folder("pubmedqa") / "questions.jsonl"):
        if question["pmid"] not in by_id or len(articles) <= NEIGHBOURS:
            continue
        others = [article for article in articles if article.id != question["pmid"]]
        shown = [by_id[question["pmid"]], *rng.sample(others, NEIGHBOURS)]
        passages = [
            {"n": n, "id": a.id, "title": a.title, "text": a.text, "year": a.year}
            for n, a in enumerate(shown, start=1)
        ]
        text = question["long_answer"]
        for start, end in split_sentences(text):
            sentence = text[start:end].rstrip(".")
            if len(sentence) < SHORTEST:
                continue
            total += 1
            found = check(f"{sentence} [1].", passages, [], "")
            own += bool(found)
            absent += any("is in no passage" in fault for fault in found)
            wrong += bool(check(f"{sentence} [3].", passages, [], ""))
    rows: list[list[Any]] = [
        ["cited to their own article: flagged", total, own, f"{own / max(1, total):.1%}"],
        ["for a number that the abstract lacks", total, absent, f"{absent / max(1, total):.1%}"],
        ["cited to another of eight: caught", total, wrong, f"{wrong / max(1, total):.1%}"],
    ]  # fmt: skip
    title = "Sentences of the authors' conclusions, which are not in the abstracts"
    return ReportTable(title=title, columns=["", "sentences", "flagged", "share"], rows=rows)


def read_articles(path: Path) -> list[Article]:
    """Returns the articles of a JSONL file in PubMedQA's or BEIR's form."""
    return [
        Article(
            str(r.get("pmid") or r["_id"]), r["title"], r.get("abstract") or r["text"],
            int(r["year"]) if r.get("year") else None,
        )
        for r in _records(path)
    ]  # fmt: skip


def _records(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_notes() -> list[Article]:
    """Returns the notes of the starter library."""
    from retrieval.starter import starter_notes

    return [Article(note.article_id, note.title, note.text, note.year) for note in starter_notes()]
