"""Words that begin the names of inherited diseases in MeSH: familial Mediterranean fever.

BC5CDR, on adverse effects of drugs, has next to none of them, so no tagger learns them there.
"""

from collections.abc import Sequence

MODIFIERS = (("familial",), ("hereditary",), ("congenital",), ("x", "-", "linked"))
DISEASE = "B-Disease", "I-Disease"


def take_in_modifiers(words: Sequence[str], tags: list[str], confidence: list[float]) -> None:
    """Lets names of diseases begin with the modifier before them, in place.

    Args:
        words: Of a sentence.
        tags: Their tags.
        confidence: How probable each tag is (0-1); a modifier is as sure as the name's beginning.
    """
    begins, goes_on = DISEASE
    for place, tag in enumerate(tags):
        if tag != begins:
            continue
        for modifier in MODIFIERS:
            start = max(0, place - len(modifier))
            before = tuple(word.casefold() for word in words[start:place])
            if before == modifier and set(tags[start:place]) == {"O"}:
                size = len(modifier)
                tags[start : place + 1] = [begins, *[goes_on] * size]
                confidence[start:place] = [confidence[place]] * size
