"""The trivial tagger: marks the names that training text has, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Sequence

from models.text.ner.corpus import Name, Sentence, names_of


class Dictionary:
    """Marks known names, the longest first; a name has the type it has most often.

    Names that are marked in fewer than half the places where they stand are left out.

    Args:
        sentences: With marked names.
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        types: dict[tuple[str, ...], Counter[str]] = {}
        for sentence in sentences:
            words = _plain(sentence.words)
            for start, end, kind in names_of(sentence.tags):
                types.setdefault(tuple(words[start:end]), Counter())[kind] += 1
        self._longest = max(map(len, types), default=0)
        places: Counter[tuple[str, ...]] = Counter()
        for sentence in sentences:
            words = _plain(sentence.words)
            for size in range(1, self._longest + 1):
                stretches = (tuple(words[i : i + size]) for i in range(len(words) - size + 1))
                places.update(stretch for stretch in stretches if stretch in types)
        self._types = {
            name: counts.most_common(1)[0][0]
            for name, counts in types.items()
            if 2 * counts.total() >= places[name]
        }

    def find(self, words: Sequence[str]) -> list[Name]:
        """Returns the names in a sentence."""
        plain = _plain(words)
        names: list[Name] = []
        start = 0
        while start < len(plain):
            for size in range(min(self._longest, len(plain) - start), 0, -1):
                kind = self._types.get(tuple(plain[start : start + size]))
                if kind:
                    names.append(Name(start, start + size, kind))
                    start += size - 1
                    break
            start += 1
        return names


def _plain(words: Iterable[str]) -> list[str]:
    return [word.casefold() for word in words]
