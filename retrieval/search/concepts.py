"""One name for what texts call by many: letter case, plural, abbreviation, synonyms of drugs."""

import re
from collections.abc import Mapping
from functools import lru_cache

from models.molecules.chemistry.names import find_compound

INVARIABLE = frozenset(
    "diabetes herpes measles mumps rabies scabies caries rickets series species ascites "  # noqa: SIM905  # as words they can be read
    "pancreas biceps pus virus thrush feces faeces tetanus lupus mellitus insipidus".split()
)
"""Words that end in s in the singular."""

GREEK_PLURAL = re.compile(r"(?:[^dn]o|y|sta|cri|the)ses$")
"""As in diagnoses, analyses, metastases, crises; not as in doses, diseases."""

SINGULAR_ENDINGS = ("ss", "us", "is", "os")
DASHES = re.compile(r"\s*[-‐‑–—]\s*")
EDGES = " \t\n.,;:'\"“”‘’()[]"
ARTICLES = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
LONGEST_SYMBOL = 5


def normalise(name: str, abbreviations: Mapping[str, str] | None = None) -> str:
    """Returns the name under which a concept is counted.

    Args:
        name: As it stands in a text.
        abbreviations: Long forms by short form, as that text defines them.

    >>> normalise("Hypertensions")
    'hypertension'
    >>> normalise("acetylsalicylic acid")
    'aspirin'
    >>> normalise("CKD", {"CKD": "chronic kidney disease"})
    'chronic kidney disease'
    """
    plain = " ".join(name.split()).strip(EDGES) or name
    if abbreviations:
        plain = abbreviations.get(plain) or abbreviations.get(plain.removesuffix("s")) or plain
    return _normalised(plain)


@lru_cache(maxsize=100_000)
def _normalised(name: str) -> str:
    compound = find_compound(name)
    if compound:
        return compound.name.casefold()
    plain = ARTICLES.sub("", DASHES.sub("-", " ".join(name.split())).strip(EDGES))
    if plain.isupper() and len(plain) <= LONGEST_SYMBOL:  # a symbol: S is sulphur, not a plural
        return plain.casefold()
    head, _, last = plain.casefold().rpartition(" ")
    singular = f"{head} {_singular(last)}".strip()
    compound = find_compound(singular)
    return compound.name.casefold() if compound else singular


def _singular(word: str) -> str:
    if len(word) < 4 or word in INVARIABLE or word.endswith(SINGULAR_ENDINGS):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if GREEK_PLURAL.search(word):
        return word[:-2] + "is"
    return word.removesuffix("s")
