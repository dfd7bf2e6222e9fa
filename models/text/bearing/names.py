"""What a question names and a passage has to name too: rare names, populations, doses."""

import re
from collections.abc import Mapping
from functools import cache

from tokenizers import Tokenizer

from models.text.bearing.features import Coverage
from models.text.bearing.words import UNKNOWN, rarity_of
from models.text.ner.words import words_tokenizer
from models.text.weights import packaged_weights

NAME_PIECES, LEAST_LETTERS = 3, 5
"""An unknown word of so many pieces of the encoder's vocabulary is a name, not plain English."""

FEW, TELLING = 4, 2.0
"""Words on which a question turns, each of which counts then, and the rarity of those that do."""

POPULATIONS = frozenset(
    """child children infant newborn neonate adolescent teenager elderly pregnant pregnancy woman
    women man men girl boy rat mouse mice dog animal""".split()  # noqa: SIM905  # as words they can be read
)
NUMBER = re.compile(r"^\d+$")


def lacks_name(cover: Coverage, rarities: Mapping[str, float]) -> bool:
    """Tells whether a passage lacks a name, a population or a dose that the question turns on."""
    pairs = zip(cover.words, cover.covered, strict=True)
    return any(not covered and _decides(word, rarities) for word, covered in pairs)


def lacks_half(cover: Coverage) -> bool:
    """Tells whether a passage lacks a telling word of a question that turns on few."""
    pairs = zip(cover.rarity.tolist(), cover.covered, strict=True)
    return len(cover.words) <= FEW and any(not there and rare >= TELLING for rare, there in pairs)


def _decides(word: str, rarities: Mapping[str, float]) -> bool:
    if word in POPULATIONS or NUMBER.match(word):
        return True
    if rarity_of(word, rarities) < UNKNOWN or len(word) < LEAST_LETTERS:
        return False
    return len(_tokenizer().encode(word, add_special_tokens=False).ids) >= NAME_PIECES


@cache
def _tokenizer() -> Tokenizer:
    return words_tokenizer(packaged_weights())
