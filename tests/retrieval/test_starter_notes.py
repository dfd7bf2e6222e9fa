"""The starter library: its shape, and its fidelity to the articles it summarises."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTES_FILE = ROOT / "retrieval" / "starter" / "notes.jsonl"
SHARED_DATA = Path(os.environ.get("THERIAC_SHARED_DATA") or ROOT.parent / "shared" / "data")

KEYS = ("pmid", "title", "year", "mesh", "text")
LEAST_NOTES = 80
MOST_MESH = 6
WORD_BOUNDS = (60, 130)
SENTENCE_BOUNDS = (3, 6)
LONGEST_COPY = 7  # identical words in a row that a note may share with its article

FIGURE = re.compile(r"\d+(?:[.,]\d+)*|(?<!\d)\.\d+")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|" + FIGURE.pattern)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
UNNAMED_SUBJECT = re.compile(r"(?:It|They|This|These|That|Those|He|She|Here|There)\b")

Note = dict[str, Any]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Every JSON object of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def figures(text: str) -> set[str]:
    """The number tokens of a text, digits as written (a middle dot counts as a point)."""
    return set(FIGURE.findall(text.replace("·", ".")))


def words(text: str) -> list[str]:
    """The words and figures of a text, lower case, in order."""
    return [word.lower() for word in WORD.findall(text.replace("·", "."))]


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of `length` consecutive words of a text."""
    sequence = words(text)
    return (tuple(sequence[at : at + length]) for at in range(len(sequence) - length + 1))


def report(faults: list[str]) -> str:
    """The faults, one to a line, for an assertion's message."""
    return f"{len(faults)} fault(s):\n" + "\n".join(faults)


@pytest.fixture(scope="module")
def notes() -> list[Note]:
    return read_lines(NOTES_FILE)


@pytest.fixture(scope="module")
def articles() -> dict[str, dict[str, Any]]:
    path = SHARED_DATA / "pubmedqa" / "articles.jsonl"
    if not path.is_file():
        pytest.skip(f"the shared articles are not on this machine: {path}")
    return {article["pmid"]: article for article in read_lines(path)}


@pytest.fixture(scope="module")
def conclusions(articles: dict[str, dict[str, Any]]) -> dict[str, str]:
    path = SHARED_DATA / "pubmedqa" / "questions.jsonl"
    if not path.is_file():
        return dict.fromkeys(articles, "")
    return {question["pmid"]: question["long_answer"] for question in read_lines(path)}


def test_library_is_large_enough(notes: list[Note]) -> None:
    assert len(notes) >= LEAST_NOTES


def test_every_note_has_the_keys_and_types(notes: list[Note]) -> None:
    faults: list[str] = []
    for number, note in enumerate(notes, start=1):
        if tuple(note) != KEYS:
            faults.append(f"line {number}: keys {list(note)}")
            continue
        mesh = note["mesh"]
        checks = {
            "pmid": isinstance(note["pmid"], str)
            and note["pmid"].isascii()
            and note["pmid"].isdigit(),
            "title": isinstance(note["title"], str) and bool(note["title"].strip()),
            "year": type(note["year"]) is int and 1900 <= note["year"] <= 2100,
            "mesh": isinstance(mesh, list)
            and 1 <= len(mesh) <= MOST_MESH
            and all(isinstance(term, str) and term for term in mesh)
            and len(set(mesh)) == len(mesh),
            "text": isinstance(note["text"], str),
        }
        faults += [
            f"line {number}: {key} {note[key]!r}" for key, good in checks.items() if not good
        ]
    assert not faults, report(faults)


def test_pmids_are_unique(notes: list[Note]) -> None:
    pmids = [note["pmid"] for note in notes]
    assert sorted(set(pmids)) == sorted(pmids)


def test_every_text_is_a_short_note_of_whole_sentences(notes: list[Note]) -> None:
    faults: list[str] = []
    for note in notes:
        text, pmid = note["text"], note["pmid"]
        sentences = SENTENCE_END.split(text)
        length = len(text.split())
        if not WORD_BOUNDS[0] <= length <= WORD_BOUNDS[1]:
            faults.append(f"{pmid}: {length} words")
        if not SENTENCE_BOUNDS[0] <= len(sentences) <= SENTENCE_BOUNDS[1]:
            faults.append(f"{pmid}: {len(sentences)} sentences")
        if text != " ".join(text.split()) or not text.endswith("."):
            faults.append(f"{pmid}: stray space or no full stop at the end")
        faults += [f"{pmid}: {one}" for one in sentences if UNNAMED_SUBJECT.match(one)]
    assert not faults, report(faults)


@pytest.mark.shared_data
def test_title_year_and_mesh_are_the_articles(
    notes: list[Note], articles: dict[str, dict[str, Any]]
) -> None:
    faults: list[str] = []
    for note in notes:
        article = articles.get(note["pmid"])
        if article is None:
            faults.append(f"{note['pmid']}: no such article")
            continue
        if note["title"] != article["title"]:
            faults.append(f"{note['pmid']}: title {note['title']!r}")
        if article["year"] is None or note["year"] != int(article["year"]):
            faults.append(f"{note['pmid']}: year {note['year']}, article {article['year']}")
        if strange := set(note["mesh"]) - set(article["mesh"]):
            faults.append(f"{note['pmid']}: mesh {sorted(strange)}")
    assert not faults, report(faults)


@pytest.mark.shared_data
def test_every_figure_is_the_articles(
    notes: list[Note], articles: dict[str, dict[str, Any]]
) -> None:
    faults: list[str] = []
    for note in notes:
        article = articles[note["pmid"]]
        source = " ".join([article["title"], article["abstract"], *article["sections"].values()])
        if strange := figures(note["text"]) - figures(source):
            faults.append(f"{note['pmid']}: {sorted(strange)}")
    assert not faults, report(faults)


@pytest.mark.shared_data
def test_no_passage_is_copied(
    notes: list[Note], articles: dict[str, dict[str, Any]], conclusions: dict[str, str]
) -> None:
    faults: list[str] = []
    for note in notes:
        article = articles[note["pmid"]]
        sources = (article["abstract"], *article["sections"].values(), conclusions[note["pmid"]])
        known = {run for source in sources for run in runs(source, LONGEST_COPY + 1)}
        faults += [
            f"{note['pmid']}: {' '.join(run)}"
            for run in runs(note["text"], LONGEST_COPY + 1)
            if run in known
        ]
    assert not faults, report(faults)
