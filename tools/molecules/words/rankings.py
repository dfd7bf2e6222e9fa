"""Which molecules have the most or the least of what a question names, or are so at all."""

import re
from collections.abc import Sequence
from typing import Any

from tools.molecules.words.questions import Question
from tools.molecules.words.topics import Topic
from tools.molecules.words.wording import DECIMALS

NAMED = 20


_SORTS = re.compile(r"\b(?:rank|sort|order)(?:ed|ing|s)?\b")
"""Wants all of them, one after the other."""


def rank(question: Question, topics: Sequence[Topic], data: dict[str, Any]) -> str | None:
    """Names the molecules that a superlative or a comparison asks for.

    Args:
        question: What is asked.
        topics: What it names.
        data: The data of `profile_molecules`.

    Returns:
        One sentence; None where there is one molecule only, no superlative, or where it is not
        clear by which number.
    """
    ranked = {topic.key: topic for topic in topics if topic.key in data.get("extremes", {})}
    most = question.most
    sorts = bool(_SORTS.search(question.words))
    if data.get("count", 1) < 2 or len(ranked) != 1 or (most is None and not sorts):
        return None
    most = most is not False
    ((key, topic),) = ranked.items()
    if topic.turns(question):
        most = not most
    rows = data["extremes"][key]["most" if most else "least"]
    two = data["count"] == 2 and not data["invalid"]
    which = {True: "higher", False: "lower"} if two else {True: "highest", False: "lowest"}
    if sorts and question.how_many == 1:
        heading = f"By {topic.measure}, {which[most]} first:"
        return _several(rows, data["count"], heading, data["count"])
    if question.how_many > 1:
        count = min(question.how_many, len(rows))
        heading = f"The {count} of {data['count']} with the {which[most]} {topic.measure}:"
        return _several(rows, question.how_many, heading, data["count"])
    said = question.answers(rows[0]["row"] == 1) + ": " if two and question.is_closed else ""
    first = [row for row in rows if row["value"] == rows[0]["value"]]
    shown = _shown(rows[0]["value"])
    if len(first) == data["count"]:
        subject = f"{'No: b' if said else 'B'}oth" if two else "All"
        return f"{subject} have the same {topic.measure}, {shown}."
    best = f"{said}{_names(first)} {'has' if len(first) == 1 else 'have'}"
    other = f" against {_shown(rows[1]['value'])}" if two else ""
    return f"{best} the {which[most]} {topic.measure}, {shown}{other}."


def select(question: Question, topics: Sequence[Topic], data: dict[str, Any]) -> str | None:
    """Names the molecules of which holds what is asked: which break Lipinski's rule?

    Returns:
        One sentence; None where that is not asked, or not all molecules are in the data.
    """
    verdicts = {topic.verdict.said: topic.verdict for topic in topics if topic.verdict}
    molecules = data["molecules"]
    listed = len(molecules) == data.get("count", 1) > 1
    if not listed or not question.selects or question.most is not None or len(verdicts) != 1:
        return None
    ((said, verdict),) = verdicts.items()
    opposite = bool(re.search(verdict.turned, question.words))
    found = [one for one in molecules if bool(verdict.holds(one)) != opposite]
    text = f"{len(found) or 'None'} of {len(molecules)} {said[opposite]}"
    left = len(found) - NAMED
    rest = f" and {left} more in the table" if left > 0 else ""
    return f"{text}{': ' * bool(found)}{', '.join(one['label'] for one in found[:NAMED])}{rest}."


def _several(rows: Sequence[dict[str, Any]], asked: int, heading: str, count: int) -> str:
    shown = rows[:asked]
    lines = [f"{place}. {_full(row)}: {_shown(row['value'])}" for place, row in enumerate(shown, 1)]
    left = min(asked, count) - len(shown)
    rest = [f"{left} more are in the table."] if left > 0 else []
    return "\n".join([heading, *lines, *rest])


def _names(rows: Sequence[dict[str, Any]]) -> str:
    *others, last = (str(row["label"]) for row in rows)
    return f"{', '.join(others)} and {last}" if others else last


def _full(row: dict[str, Any]) -> str:
    label, smiles = row["label"], row["smiles"]
    return str(smiles) if label.rstrip("…") in smiles else f"{label} ({smiles})"


def _shown(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:.{DECIMALS}f}"
