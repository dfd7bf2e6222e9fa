"""What a question turns on, as words weighed by their rarity, and where a text speaks of them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path

from models.molecules.chemistry.names import find_compound

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
COMMON = frozenset(
    """a an the and or nor but of in on at by for from to into with without within between among
    against over under after before during through via per than as if then so not no any some all
    each every both either neither other another such same this that these those there here it its
    they them their we our us you your i me my he she his her who whom whose which what when where
    why how do does did done is are was were be been being has have had having can could should
    shall will would may might must isn aren don doesn didn more most less least better best worse
    worst very really still only just also too much many few new novel true known use used using
    uses useful role effect effects effective effectively effectiveness efficacy efficacious impact
    influence influences affect affects affected cause causes caused causing associated association
    associations associate relate related relation relationship link linked correlate correlated
    correlation correlates predict predicts predicting prediction predictor predictors predictive
    factor factors help helps improve improves improved improvement increase increases increased
    increasing decrease decreases decreased decreasing reduce reduces reduced reducing reduction
    lower lowers lowered raise raises raised higher high low prevent prevents prevention protect
    protects protective worsen worsens shorten shortens prolong prolongs accelerate slow slows
    change changes changed differ differs difference differences different similar compare compared
    comparison comparable study studies trial trials evidence research literature article articles
    paper papers patient patients people person persons case cases group groups outcome outcomes
    result results treatment treatments therapy therapies treat treated treating safe safety safely
    harm harmful harms beneficial benefit benefits necessary need needed require required feasible
    possible reliable valid value useful important significant significantly show shows exist
    exists play plays make makes provide provides work works lead leads enough adequate routine
    routinely according test tests method methods use based analysis level levels rate rates risk
    risks disease diseases clinical medical health care good bad well get gets give gives given
    help does long term year years old day days time times number""".split()  # noqa: SIM905
)
"""Words that questions share whatever they are about."""

LEAST_SHARED = 5
LONG, TYPED = 7, 0.88
"""Letters of a word, and likeness of another, from which that is taken for the same, mistyped."""

LOST = 3
"""Letters that endings may take from a word, and letters that must be left of it."""

SYNONYMS = Path(__file__).with_name("synonyms.txt")
UNKNOWN = 9.5
"""Rarity of a word that none of the texts had from which rarities were counted."""


def tokens(text: str) -> list[str]:
    """Returns the words of a text in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word.split("'")[0].split("’")[0] for word in WORD.findall(bare)]


def root(word: str) -> str:
    """Returns a word with British spellings made American and plural endings taken off."""
    word = word.replace("aem", "em").replace("oed", "ed").replace("paed", "ped")
    word = word.replace("oes", "es") if word.startswith("oes") else word
    word = word.replace("isation", "ization").replace("our", "or")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def alike(one: str, other: str) -> bool:
    """Tells whether two words are inflections of one another."""
    if one == other:
        return True
    shortest = min(len(one), len(other))
    if shortest < LEAST_SHARED:
        return False
    shared = max(LEAST_SHARED, shortest - LOST)
    return one[:shared] == other[:shared] and abs(len(one) - len(other)) <= 6


class Spoken:
    """The words of a text, to be asked for in any inflection, by abbreviation or synonym."""

    def __init__(self, text: str) -> None:
        self._tokens = [root(word) for word in tokens(text)]
        self._words: dict[str, set[str]] = defaultdict(set)
        for word in self._tokens:
            self._words[word[:LEAST_SHARED]].add(word)
        self._text = " " + " ".join(self._tokens) + " "
        self._initials = "".join(word[0] for word in self._tokens)

    def has(self, word: str) -> bool:
        """Tells whether the text has a word, or other words for it."""
        return self._phrase(word) or any(self._phrase(other) for other in others(word))

    def has_initials(self, short: str) -> bool:
        """Tells whether words that follow each other begin with the letters of a short form."""
        return len(short) >= 2 and short.isalpha() and short in self._initials

    def _literally(self, word: str) -> bool:
        near = self._words.get(word[:LEAST_SHARED], ())
        return any(alike(word, other) for other in near) or (
            len(word) >= LONG and bool(get_close_matches(word, near, 1, TYPED))
        )

    def _phrase(self, phrase: str) -> bool:
        return f" {phrase} " in self._text if " " in phrase else self._literally(phrase)


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            names = [" ".join(root(w) for w in tokens(name)) for name in line.split("=")]
            for name in names:
                found[name] = found.get(name, frozenset()) | frozenset(names)
    return found


@lru_cache(maxsize=20_000)
def others(name: str) -> frozenset[str]:
    """Returns other names of what a word or phrase names: synonyms, brands, generic names."""
    compound = find_compound(name) if len(name) > 3 else None
    named = compound.names if compound else ()
    known = frozenset(" ".join(root(w) for w in tokens(one)) for one in named)
    return (known | _groups().get(name, frozenset())) - {name}


def asked_words(question: str) -> list[str]:
    """Returns the words a question turns on, each once, in order; phrases of synonyms whole."""
    words = [root(word) for word in tokens(question)]
    text = " " + " ".join(words) + " "
    phrases = [name for name in _groups() if " " in name and f" {name} " in text]
    for phrase in sorted(phrases, key=len, reverse=True):
        text = text.replace(f" {phrase} ", f" {phrase.replace(' ', '_')} ")
    kept = [w.replace("_", " ") for w in text.split()]
    common = {root(word) for word in COMMON} | COMMON
    return list(dict.fromkeys(w for w in kept if w not in common and (len(w) > 1 or w.isdigit())))


def rarity_of(word: str, rarities: Mapping[str, float]) -> float:
    """Returns how rare a word is; of a phrase, its rarest word's."""
    return max(rarities.get(part, UNKNOWN) for part in word.split())
