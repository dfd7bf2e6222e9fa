"""Identifiers within links and notes."""

import re

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}|\\^`]+[^\s\"<>{}|\\^`.,;:)\]'?]")
PMID = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|PMID:?\s*)(\d{1,9})\b",
    re.IGNORECASE,
)
PMCID = re.compile(r"\bPMC\d{3,}\b", re.IGNORECASE)


def doi_in(*texts: str) -> str | None:
    """Returns the first DOI in the texts."""
    found = next(filter(None, map(DOI.search, texts)), None)
    return found[0] if found else None


def pmid_in(*texts: str) -> str | None:
    """Returns the first PMID that is said to be one."""
    found = next(filter(None, map(PMID.search, texts)), None)
    return found[1] if found else None


def pmcid_in(*texts: str) -> str | None:
    """Returns the first id of PubMed Central."""
    found = next(filter(None, map(PMCID.search, texts)), None)
    return found[0].upper() if found else None
