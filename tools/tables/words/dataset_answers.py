"""The sentences that a question about a dataset asks for."""

import re
from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
MOST_NAMED = 40


def focus(question: str, data: Data) -> str | None:
    """Answers a question about particular aspects from `describe_dataset`'s data.

    Args:
        question: In a person's words.
        data: The tool's result data.

    Returns:
        A sentence per aspect that the question names; None where it names none.
    """
    if "columns" not in data:  # of images: the whole description is short
        return None
    words = question.replace(data["dataset"], " ").casefold()
    said = [answer(data) for asked, answer in ASPECTS if re.search(asked, words)]
    return " ".join(filter(None, said)) or None


def _size(data: Data) -> str:
    return f"{data['dataset']} has {data['rows']} rows and {len(data['columns'])} columns."


def _columns(data: Data) -> str:
    named = [f"{column['name']} ({column['type']})" for column in data["columns"][:MOST_NAMED]]
    more = len(data["columns"]) - len(named)
    return f"Columns: {', '.join(named)}{f' and {more} more' if more else ''}."


def _missing(data: Data) -> str:
    gaps = [
        f"{column['name']} {column['missing']} ({column['missing'] / data['rows']:.1%})"
        for column in data["columns"]
        if column["missing"]
    ]
    return f"Missing values: {', '.join(gaps[:MOST_NAMED])}." if gaps else "Nothing is missing."


def _balance(data: Data) -> str:
    levels = {
        column["name"]: column["summary"]["levels"]
        for column in data["columns"]
        if column["name"] in data["outcome_candidates"] and "levels" in column["summary"]
    }
    said = []
    for name, counts in levels.items():
        shares = [f"{label} {n} ({n / sum(counts.values()):.0%})" for label, n in counts.items()]
        said.append(f"{name}: {', '.join(shares)}.")
    return " ".join(said)


def _events(data: Data) -> str:
    found = data["follow_up"]
    if not found:
        return ""
    total = found["events"] + found["censored"]
    return (
        f"{found['events']} of {total} had the event ({found['events'] / total:.1%}) and "
        f"{found['censored']} are censored."
    )


def _follow_up(data: Data) -> str:
    found = data["follow_up"]
    if not found:
        return ""
    follow_up, survival = (
        "not reached" if found[key] is None else f"{found[key]:g}"
        for key in ("median_follow_up", "median_survival")
    )
    return (
        f"Median follow-up (reverse Kaplan-Meier): {follow_up}; median time to the event: "
        f"{survival}."
    )


def _duplicates(data: Data) -> str:
    count = data["duplicates"]
    return f"{count or 'No'} {'row repeats' if count == 1 else 'rows repeat'} an earlier one."


def _warnings(data: Data) -> str:
    return f"Look at: {'; '.join(data['warnings'])}." if data["warnings"] else "Nothing stands out."


def _molecules(data: Data) -> str:
    unread = data["unreadable_molecules"]
    if unread is None:
        return ""
    return f"{data['rows'] - unread} of {data['rows']} SMILES are readable molecules."


ASPECTS: tuple[tuple[str, Callable[[Data], str]], ...] = (
    (r"how (many|much) (rows|patients|people|records|cases|columns|variables)|\bsize\b|\bshape\b"
     r"|dimensions|number of (rows|patients|observations|columns|variables)", _size),
    (r"molecule|smiles|compound|structure|ligand", _molecules),
    (r"\b(which|what|list|show)\b.*\b(columns|variables|fields)\b|^columns|data dictionary",
     _columns),
    (r"missing|complete|gaps|\bnulls?\b|\bnas?\b", _missing),
    (r"balance|imbalance|class (distribution|counts)|prevalence", _balance),
    (r"event|censor|\bdied\b|deaths?\b|\bdead\b|metastas|relapse", _events),
    (r"follow.?up|followed|median (survival|time)", _follow_up),
    (r"duplicat|repeated rows", _duplicates),
    (r"identif|\bmrns?\b|names|strange|odd|anomal|outlier|sentinel|quality|problem|constant",
     _warnings),
)  # fmt: skip
