"""Hides who a request is about, before a language model or the library sees it.

Only what identifies a person is replaced: numbers of records and insurance, telephone, mail and
postal addresses, names that are introduced as names, and dates of birth. Ages, years, laboratory
values, article ids, DOIs, SMILES, paths and column names stay as they are.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.screen.checksums import is_card, is_iban, is_nhs_number

LONGEST = 200_000

_CAP = r"[A-ZÀ-ÖØ-ÞŠŽĐŁ][\w'’À-ÿšžđł-]+"
_DATE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|"
    r"\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Z][a-z]{2,8}\.?,?\s+\d{4}|"
    r"[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
)
_STREET = (
    r"(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Court|Ct\.?|Boulevard|Blvd\.?|"
    r"Close|Crescent|Square|Terrace|Highway|Hwy\.?|Parkway|"
    r"Alley|Row|Mews|Gardens?|Grove|Hill|Place|Plaza|Circle|Trail|Way|[\w]*(?:stra(?:ße|sse)|"
    r"str\.|weg|gasse|platz|gatan|vägen|katu|tie|gate|vej|utca|ulica))"
)
PROTECTED = re.compile(
    r"\b10\.\d{4,9}/\S+|https?://\S+|\b(?:pmid|pmc|pubmed)\s*:?\s*\d+|"
    r"(?<![\w/])(?:~|\.{0,2})/[\w.~/-]{2,}|\b[\w./~-]+\.(?:csv|tsv|xlsx?|parquet|json|jsonl|txt|pdf|arff|smi|"
    r"sdf|xml|sav|dta)\b|[A-Z]:\\\S+",
    re.I,
)
"""What never identifies a person, however much it looks like a number or an address."""


class Kind(NamedTuple):
    """A kind of identifier: its label, what it looks like, and a check of what was found."""

    label: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] = bool


KINDS: tuple[Kind, ...] = (
    Kind("EMAIL", re.compile(r"(?P<id>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")),
    Kind("IBAN", re.compile(r"\b(?P<id>[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8})\b"), is_iban),
    Kind("CARD", re.compile(r"(?<![\w.-])(?P<id>\d(?:[ -]?\d){12,18})(?![\w-])"), is_card),
    Kind("SSN", re.compile(r"(?<![\w-])(?P<id>\d{3}-\d{2}-\d{4})(?![\w-])")),
    Kind(
        "SSN",
        re.compile(
            r"\b(?:SSN|social security(?: number| no\.?)?)\s*(?:is|:|#)?\s*(?P<id>\d{3}[ -]?\d{2}[ "
            r"-]?\d{4})\b",
            re.I,
        ),
    ),
    Kind(
        "NHS",
        re.compile(
            r"\bNHS(?:\s+(?:number|no\.?))?\s*(?:is|:|#)?\s*(?P<id>\d{3}[ -]?\d{3}[ -]?\d{4})\b",
            re.I,
        ),
    ),
    Kind("NHS", re.compile(r"(?<![\w.-])(?P<id>\d{3} \d{3} \d{4})(?![\w-])"), is_nhs_number),
    Kind(
        "RECORD",
        re.compile(
            r"\b(?:MRN|medical record(?: number| no\.?)?|hospital (?:number|no\.?)|chart (?:number|"
            r"no\.?)|patient (?:id|number|no\.?)|case (?:number|no\.?)|insurance (?:number|no\.?)|"
            r"member id|policy (?:number|no\.?)|driver['’]?s? licen[cs]e(?: number| no\.?)?|"
            r"passport(?: number| no\.?)?)\s*(?:is|was|:|#|"
            r"=)*\s*(?P<id>(?=[\w-]*\d{3})[A-Z0-9][\w-]{3,19})\b",
            re.I,
        ),
    ),
    Kind(
        "PHONE",
        re.compile(r"(?<![\w.-])(?P<id>(?:\+|00)\d{1,3}[ .()/-]*\d(?:[ .()/-]*\d){6,12})(?![\w])"),
    ),
    Kind(
        "PHONE",
        re.compile(
            r"(?<![\w.-])(?P<id>\(\d{2,5}\)\s?\d{2,4}(?:[ "
            r".-]?\d{2,4}){1,3}(?:\s?x\d{1,5})?)(?![\w])"
        ),
    ),
    Kind(
        "PHONE",
        re.compile(r"(?<![\w.-])(?P<id>\d{3}[ .-]\d{3}[ .-]\d{4}(?:\s?x\d{1,5})?)(?![\w.-]*\w)"),
    ),
    Kind(
        "PHONE",
        re.compile(
            r"\b(?:phone|tel(?:ephone)?|mobile|cell|fax|call(?: (?:me|her|him|them))?(?: on| at)?|"
            r"reach(?:ed)?(?: (?:me|her|him))?(?: on| at)?)\.?\s*(?:number)?\s*(?:is|:|on|"
            r"at)?\s*(?P<id>\+?\d(?:[ .()/-]{0,2}\d){6,13}(?:\s?x\d{1,5})?)(?!\w)",
            re.I,
        ),
    ),
    Kind(
        "BIRTH",
        re.compile(
            r"\b(?:DOB|d\.o\.b\.?|date of birth|birth ?date|birthday|born(?: on)?)\s*(?:is|was|:|"
            rf"=)?\s*(?:on\s+)?(?P<id>{_DATE})",
            re.I,
        ),
    ),
    Kind(
        "ADDRESS",
        re.compile(
            rf"(?<![\w.])(?P<id>\d{{1,6}}[A-Za-z]?,?\s+(?:{_CAP}\.?\s+){{0,3}}(?:"
            rf"{_STREET})\b(?:\s*\d{{"
            r"1,4})?(?:,?\s+(?:Apt|Apartment|Suite|Unit|Flat|"
            rf"Floor)\.?\s*#?\w+)?(?:,?\s+{_CAP}(?:\s{_CAP})?)?(?:,?\s+[A-Z]{{2}}\s+\d"
            r"{4,5}(?:-\d{4"
            r"})?|,?\s+[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2})?)"
        ),
    ),
    Kind(
        "ADDRESS",
        re.compile(
            r"\b(?:lives? (?:at|in)|living at|address(?: is|:)|resid(?:es|ing) "
            rf"at)\s+(?P<id>(?:{_CAP}|"
            r"\d+)[^.;\n?!]{4,80}?)(?=[.;\n?!]|$|\s+and\s)"
        ),
    ),
    Kind("ADDRESS", re.compile(r"\b(?P<id>P\.?\s?O\.?\s?Box\s+\d+)\b", re.I)),
    Kind(
        "NAME",
        re.compile(
            r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Herr|Frau|Mme|"
            rf"Madame)\.?\s+(?P<id>{_CAP}(?:\s+(?:[A-Z]\.\s+)?{_CAP}){{0,2}})"
        ),
    ),
    Kind(
        "NAME",
        re.compile(
            r"\b(?:[Pp]atient|PATIENT|[Pp]t\.?)(?:['’]s)?(?:\s+name)?\s*(?:is|:|"
            r",)?\s*(?P<id>(?!SMILES|"
            rf"PMID){_CAP}\s+(?:[A-Z]\.\s+)?{_CAP})(?!\s*(?:[Ss]core|[Ii]ndex|[Tt]est|"
            r"[Ss]tudy|[Tt]rial|"
            r"[Cc]olumn))"
        ),
    ),
    Kind(
        "NAME",
        re.compile(
            r"\b(?:patient|woman|man|boy|girl|lady|gentleman|child|baby|husband|wife|"
            r"mother|father|son|"
            r"daughter|colleague|friend|uncle|aunt|neighbour|neighbor),?\s+(?:is\s+|"
            r"was\s+)?(?:named|"
            rf"called)\s+(?P<id>{_CAP}(?:\s+{_CAP}){{0,2}})"
        ),
    ),
    Kind(
        "NAME",
        re.compile(
            r"\b(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Tt]he patient['’]s|[Pp]atient|[Ff]ull|[Ll]ast|"
            rf"[Ff]irst)\s+name\s*(?:is|was|:|=)\s*(?P<id>{_CAP}(?:\s+{_CAP}){{0,2}})"
        ),
    ),
    Kind(
        "IP",
        re.compile(
            r"(?<![\w.])(?P<id>(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|"
            r"1?\d?\d))(?![\w.]*\w)"
        ),
    ),
)
"""In the order in which they are looked for; the first that claims a character keeps it."""


@dataclass(frozen=True)
class Redaction:
    """A text without identifiers.

    Attributes:
        text: The text, identifiers replaced by [LABEL-n].
        mapping: What each placeholder stands for; it stays on this machine.
    """

    text: str
    mapping: dict[str, str] = field(default_factory=dict)

    def restore(self, text: str) -> str:
        """Puts the identifiers back into a text, for the person's own eyes."""
        for placeholder, value in self.mapping.items():
            text = text.replace(placeholder, value)
        return text


class Identifier(NamedTuple):
    """An identifier that was found, and where."""

    start: int
    end: int
    label: str


def redact(text: str) -> Redaction:
    """Replaces what identifies a person; the same value always by the same placeholder."""
    placeholders: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    pieces: list[str] = []
    position = 0
    for found in find_identifiers(text):
        value = text[found.start : found.end]
        key = found.label, value
        if key not in placeholders:
            counts[found.label] = counts.get(found.label, 0) + 1
            placeholders[key] = f"[{found.label}-{counts[found.label]}]"
        pieces += [text[position : found.start], placeholders[key]]
        position = found.end
    mapping = {placeholder: value for (_, value), placeholder in placeholders.items()}
    return Redaction("".join([*pieces, text[position:]]), mapping)


def find_identifiers(text: str) -> list[Identifier]:
    """Returns the identifiers of a text, by position, none overlapping."""
    text = text[:LONGEST]
    protected = [match.span() for match in PROTECTED.finditer(text)]
    found: list[Identifier] = []
    for candidate in _candidates(text):
        taken = [*protected, *((other.start, other.end) for other in found)]
        if not any(candidate.start < end and start < candidate.end for start, end in taken):
            found.append(candidate)
    return sorted(found)


def _is_headline(text: str) -> bool:
    """Tells whether most words begin with a capital, so that capitals mark no names."""
    words = re.findall(r"[A-Za-z]{4,}", text)
    return len(words) > 4 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _candidates(text: str) -> Iterator[Identifier]:
    headline = _is_headline(text)
    for kind in KINDS:
        if headline and kind.label == "NAME":
            continue
        for match in kind.pattern.finditer(text):
            start, end = match.span("id")
            if kind.check(match["id"]):
                yield Identifier(start, end, kind.label)
