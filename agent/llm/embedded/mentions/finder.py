"""Finds every typed thing in a request."""

import re
from collections.abc import Iterable
from functools import lru_cache

from agent.llm.embedded.mentions.articles import find_articles
from agent.llm.embedded.mentions.compounds import find_compounds
from agent.llm.embedded.mentions.mention import Mention, without_overlaps
from agent.llm.embedded.mentions.molecules import find_smiles
from agent.llm.embedded.mentions.names import find_datasets, find_models, known_prefixes
from agent.llm.embedded.mentions.paths import find_paths

QUOTATION = re.compile(r"[\"“`]([^\"”`\n]{1,80})[\"”`]|(?<!\w)['‘]([^'’\n]{1,60})['’](?!\w)")
LONGEST = 20_000
"""Characters of a request that are searched."""


class MentionFinder:
    """Finds paths, molecules, models, articles, datasets and quotations.

    Args:
        datasets: Names of the built-in datasets.
        prefixes: Prefixes of the names of trained models; those of the known families by default.
    """

    def __init__(self, datasets: Iterable[str], prefixes: Iterable[str] | None = None) -> None:
        self._datasets = tuple(datasets)
        self._prefixes = known_prefixes() if prefixes is None else tuple(prefixes)
        self.find = lru_cache(maxsize=256)(self._find)

    def _find(self, text: str) -> tuple[Mention, ...]:
        text = text[:LONGEST]
        datasets = sorted(
            find_datasets(text, self._datasets),
            key=lambda mention: (not mention.certain, mention.start - mention.end),
        )
        quoted = (
            Mention(match.start(), match.end(), "quoted", (match[1] or match[2]).strip())
            for match in QUOTATION.finditer(text)
        )
        return tuple(
            without_overlaps(
                [
                    *find_models(text, self._prefixes),
                    *sorted(find_paths(text), key=lambda mention: mention.start - mention.end),
                    *find_articles(text),
                    *find_smiles(text),
                    *datasets,
                    *find_compounds(text),
                    *quoted,
                ]
            )
        )
