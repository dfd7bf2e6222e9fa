"""Title, DOI and year of a PDF, where it is safe to say."""

import re
from collections.abc import Mapping, Sequence
from statistics import median

from retrieval.reading.links import DOI, pmid_in
from retrieval.reading.pdf.layout import Line

HEAD_CHARACTERS = 6000
LARGER, SAME = 1.15, 0.97
MOST_LINES = 6
LONGEST_TITLE = 350
LEAST_WORDS = 3
NO_TITLE = re.compile(
    r"\.(?:docx?|pdf|tex|dvi|indd|qxd|pptx?|xlsx?|rtf)\b|^untitled|^microsoft|^layout|^doi:|^\W*$",
    re.IGNORECASE,
)
DATED = re.compile(
    r"(?:published|publication date|available online|©|\(c\)|copyright)\D{0,40}?"
    r"(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\.?\s+)?(?:\d{1,2},\s+)?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
CREATED = re.compile(r"D:((?:19|20)\d\d)")


def find_title(info: Mapping[str, str], first: Sequence[Line], text: str) -> str:
    """Returns the title: the file's own where the first page shows it, else its largest lines.

    Args:
        info: The file's own data.
        first: Lines of the first page.
        text: The text of the first page.
    """
    own = " ".join(info.get("Title", "").split())
    likely = len(own.split()) >= LEAST_WORDS and len(own) <= LONGEST_TITLE
    if likely and not NO_TITLE.search(own) and _plain(own) in _plain(text[:HEAD_CHARACTERS]):
        return own
    if len(first) < LEAST_WORDS:
        return ""
    usual, largest = median(line.height for line in first), max(line.height for line in first)
    if largest < LARGER * usual:
        return ""
    lines = [line for line in first if line.height >= SAME * largest]
    top, bottom = max(line.y1 for line in first), min(line.y0 for line in first)
    if len(lines) > MOST_LINES or lines[-1].y0 < (top + bottom) / 2:
        return ""  # they are headings, or the figures of a chart
    title = " ".join(" ".join(line.text for line in lines).split())
    return title if len(title.split()) >= LEAST_WORDS and len(title) <= LONGEST_TITLE else ""


def find_doi(info: Mapping[str, str], text: str) -> str | None:
    """Returns the DOI in the file's own data, else the only one at the head of the first page."""
    for name in ("doi", "DOI", "Subject", "Title", "Keywords"):
        found = DOI.search(info.get(name, ""))
        if found:
            return found[0].lower()
    found_all = {found.lower() for found in DOI.findall(text[:HEAD_CHARACTERS])}
    return found_all.pop() if len(found_all) == 1 else None


def find_pmid(text: str) -> str | None:
    """Returns the PMID that the first page says it has."""
    return pmid_in(text[:HEAD_CHARACTERS])


def find_year(info: Mapping[str, str], text: str) -> int | None:
    """Returns the year that the first page says it was published in.

    The year that the file was made in counts only where the first page has it too.
    """
    head = text[:HEAD_CHARACTERS]
    dated = [int(year) for year in DATED.findall(head)]
    if dated:
        return max(dated)
    made = CREATED.search(info.get("CreationDate", ""))
    return int(made[1]) if made and re.search(rf"\b{made[1]}\b", head) else None


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
