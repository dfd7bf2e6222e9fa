"""Whether what a search found bears on the question."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from retrieval.embedding.embedder import load_embedder
from retrieval.search.hybrid import SearchHit

if TYPE_CHECKING:
    from models.text.bearing.model import Bearing

READ = 10
"""Articles, the best ones, that are read; those after them are not taken for evidence."""


def read_bearing(query: str, hits: Sequence[SearchHit]) -> "list[Bearing]":
    """Returns how surely each of the best articles bears on a question, in their order.

    The packaged embedder measures nearness, whatever the library was made with: the reader was
    trained on its vectors.
    """
    from models.text.bearing.features import Passage
    from models.text.bearing.model import load_bearing

    passages = [Passage(hit.title, hit.text) for hit in hits[:READ]]
    return load_bearing().read(query, passages, load_embedder().encode)
