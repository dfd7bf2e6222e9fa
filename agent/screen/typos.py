"""Mends swapped letters in words that matter for safety."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from agent.words import word_list

WORDS = word_list(
    "make making synthesize synthesise synthesis produce extract purify culture weaponize "
    "aerosolize instructions recipe explosive explosives bomb "
    "sarin ricin anthrax tabun soman novichok botulinum methamphetamine fentanyl heroin "
    "cocaine poison murder suicide kill nerve agent weapon "
    "reidentify deanonymize overdose lethal undetectable untraceable ecstasy smallpox "
    "nitroglycerin patients"
)
"""Words whose misspelling must not let a request through."""
LONG = 8

_WORD = re.compile(r"[A-Za-z]{4,}")


def mend(text: str) -> str:
    """Returns the text with such misspellings replaced."""
    return _WORD.sub(lambda match: _nearest(match[0].casefold()) or match[0], text)


@lru_cache(maxsize=8192)
def _nearest(word: str) -> str | None:
    if word in WORDS:
        return None
    for known in WORDS:
        is_swapped = sorted(word) == sorted(known) and OSA.distance(word, known) <= 2
        is_close = (
            len(known) >= LONG
            and word[0] == known[0]
            and OSA.distance(word, known, score_cutoff=2) <= (2 if len(known) > 11 else 1)
        )
        if is_swapped or (is_close and not known.startswith(word) and not word.startswith(known)):
            return known
    return None
