"""What the studies that bear on a question answer, each and together."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.text.bearing.model import Bearing
    from models.text.claims.judgement import Finding

ANSWERS = ("yes", "no", "unclear")
STUDIES = 4
"""Articles at most that are taken for evidence."""

AS_SURELY = 0.5
"""Share of the probability of the best article below which another one is left out."""

RETRACTION = re.compile(r"\b(?:retracted|retraction|withdrawn)\b", re.IGNORECASE)
ASKS_RETRACTION = re.compile(r"^\W*(?:has|have|was|were|is|are|did)\b.*\?*\s*$", re.I | re.S)
BEARING_FIELDS = frozenset({"abstract", "text"})


def asks_retraction(query: str) -> bool:
    """Tells whether a question is on what became of an article, not on what it found."""
    return bool(RETRACTION.search(query) and ASKS_RETRACTION.match(query))


def without_retraction(query: str) -> str:
    """Returns such a question without the words on the retraction."""
    return RETRACTION.sub(" ", query)


def mark_bearing(query: str, rows: list[dict[str, Any]], read: "Sequence[Bearing]") -> None:
    """Notes for each article whether it bears on the query, what it lacks, and its design and size.

    A topic, which asks nothing, is borne on by what speaks of all of its words.

    Args:
        read: Of the best articles; those after them do not bear.
    """
    from models.text.claims.study import design_of, size_of

    asks = query.strip().endswith("?")
    best = max((one.probability for one in read), default=0.0)
    found = 0
    for n, row in enumerate(rows):
        one = read[n] if n < len(read) else None
        bears = bool(one and one.bears and one.probability >= AS_SURELY * best)
        bears |= bool(one and not asks and not one.missing)
        row["bears"] = bears and found < STUDIES and row["field"] in BEARING_FIELDS
        row["sure"] = bool(one and one.sure)
        row["missing"] = list(one.missing) if one else []
        row["finding"] = None
        row["design"], row["size"] = design_of(row["text"]), size_of(row["text"])
        found += row["bears"]


def judge_rows(query: str, rows: Sequence[dict[str, Any]]) -> None:
    """Notes for each article that bears how it answers, and where it says so.

    One that bears less surely is shown, and says neither yes nor no. One that reports nothing does
    not bear; a retracted one is not read.
    """
    from models.text.claims.judgement import judge
    from models.text.leaning.model import load_reader

    reader = load_reader()
    for row in rows:
        if row["retracted"]:
            continue
        said = judge(query, row["text"], reader.read(query, row["text"]))
        row["bears"] = said.finding is not None
        if said.finding:
            answer = said.answer if row["sure"] else "unclear"
            row["answer"], row["probability"] = answer, round(said.probability, 3)
            row["finding"] = _span(said.finding, row["start"])


def together(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Returns the verdict of the articles that bear and are not retracted.

    Returns:
        `answer`: yes or no where all that say either say the same, mixed where they do not,
        unclear where none says either, none where no article bears; `probability` that a yes or no
        is right; `studies`, how many say what.
    """
    said = [row for row in rows if row["bears"] and not row["retracted"]]
    counts = {answer: sum(row["answer"] == answer for row in said) for answer in ANSWERS}
    sides = [side for side in ("yes", "no") if counts[side]]
    answer = {0: "unclear", 1: "".join(sides), 2: "mixed"}[len(sides)] if said else "none"
    sure = max((row["probability"] for row in said if [row["answer"]] == sides), default=None)
    return {"answer": answer, "probability": sure, "studies": counts}


def retraction_verdict(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Returns whether the library's records of the articles that bear carry a retraction."""
    bearing = [row for row in rows if row["bears"]]
    marked = any(row["retracted"] for row in bearing)
    answer = ("yes" if marked else "no") if bearing else "none"
    counts = dict.fromkeys(ANSWERS, 0)
    return {"answer": answer, "probability": None, "studies": counts, "of": "retraction"}


def _span(finding: "Finding", offset: int) -> dict[str, Any]:
    start, end = offset + finding.start, offset + finding.end
    return {"text": finding.text, "start": start, "end": end}
