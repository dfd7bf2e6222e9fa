"""Article ids: PMIDs, PMC ids, DOIs, addresses that hold them, and library ids after a cue word."""

import re
from collections.abc import Iterator

from agent.llm.embedded.mentions.mention import Mention

DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|\bdoi\s*[:=]?\s*)?(10\.\d{4,9}/[^\s\"'<>,;]+)", re.I
)
PUBMED_ADDRESS = re.compile(r"https?://\S*?(?:pubmed\S*?/|PMC)(\d{4,9})/?", re.I)
PMC = re.compile(r"\b(PMC\s?\d{4,9})\b", re.I)
PMID = re.compile(
    r"\b(?:pm\s?id|pub\s?med(?:\s+(?:id|number|no\.?|record))?|medline(?:\s+(?:record|id))?)"
    r"\s*[:=#]?\s*(?:is\s+)?(\d{1,9})\b",
    re.I,
)
NUMBERED = re.compile(
    r"\b(?:articles?|papers?|documents?|doc|records?|abstracts?|publications?|references?|ref|"
    r"study|entry|id)"
    r"\s*(?:id|number|no\.?|nr\.?)?\s*[:=#]?\s*(\d{3,9})\b",
    re.I,
)
BARE = re.compile(r"(?<![\w.,=/-])([1-9]\d{6,8})(?![\w/=-]|[.,]\d)")


def find_articles(text: str) -> Iterator[Mention]:
    """Yields article ids, the surest form first."""
    for match in DOI.finditer(text):
        value = _doi_end(match[1])
        yield Mention(match.start(), match.start(1) + len(value), "article", value)
    for match in PUBMED_ADDRESS.finditer(text):
        prefix = "PMC" if "pmc" in match[0].casefold() else ""
        yield Mention(match.start(), match.end(), "article", prefix + match[1])
    for match in PMC.finditer(text):
        yield Mention(match.start(), match.end(), "article", match[1].upper().replace(" ", ""))
    for pattern in (PMID, NUMBERED, BARE):
        for match in pattern.finditer(text):
            yield Mention(match.start(1), match.end(1), "article", match[1])


def _doi_end(doi: str) -> str:
    """Drops the sentence's punctuation from the end of a DOI."""
    doi = doi.rstrip(".:!?`*")
    while doi.endswith((")", "]")) and doi.count(doi[-1]) > doi.count(
        {")": "(", "]": "["}[doi[-1]]
    ):
        doi = doi[:-1].rstrip(".:!?")
    return doi
