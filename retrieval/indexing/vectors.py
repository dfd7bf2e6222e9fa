"""The dense index: passage vectors in Chroma."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.indexing.chroma import Place, answering, close_client, open_client

HNSW: Any = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 200,
    # Passages beyond the last synchronisation are inserted anew whenever the index is opened: at
    # the default of 1,000 the first search after it takes up to 0.3 s longer.
    "batch_size": 100,
    "sync_threshold": 256,
}
MOST_AT_ONCE = 2000


class VectorIndex:
    """One handle on the index; safe only under the library's lease, see `retrieval.indexing.lease`.

    Texts and bibliographic data stay in the manifest: Chroma would index each text's trigrams,
    which nothing here asks for, at ten times the disk and half the speed.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._client: Any = open_client(place)
        with answering(place):
            self._collection: Any = self._client.get_or_create_collection(
                place.collection, configuration={"hnsw": HNSW}, embedding_function=None
            )

    def put(
        self, ids: Sequence[str], vectors: NDArray[np.float32], documents: Sequence[str]
    ) -> None:
        """Writes vectors (passages, dimensions), over those of the same ids.

        Args:
            ids: Of the passages.
            vectors: Of unit length.
            documents: The document that each passage is of, for those who look into Chroma.
        """
        for start in range(0, len(ids), MOST_AT_ONCE):
            part = slice(start, start + MOST_AT_ONCE)
            with answering(self._place):
                self._collection.upsert(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    metadatas=[{"document": key} for key in documents[part]],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Removes vectors."""
        for start in range(0, len(ids), MOST_AT_ONCE):
            with answering(self._place):
                self._collection.delete(ids=list(ids[start : start + MOST_AT_ONCE]))

    def nearest(
        self, vector: NDArray[np.float32], limit: int, among: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Returns the ids of the passages nearest to a unit vector with their cosines (−1 to 1).

        Args:
            vector: What to be near to.
            limit: At most so many.
            among: Looks only at these; None is all.
        """
        if among is not None and not among:
            return {}
        with answering(self._place):
            found = self._collection.query(
                query_embeddings=[vector],
                n_results=limit,
                ids=None if among is None else list(among),
                include=["distances"],
            )
        ids, distances = found["ids"][0], found["distances"][0]
        return {key: 1 - distance for key, distance in zip(ids, distances, strict=True)}

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Returns the unit vectors of those of the passages that are there."""
        with answering(self._place):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        return dict(zip(found["ids"], found["embeddings"], strict=True))

    def settle(self) -> None:
        """Brings the index on disk level with the log, which Chroma does at the first search."""
        if self.count():
            with answering(self._place):
                dimensions = len(self._collection.peek(1)["embeddings"][0])
            self.nearest(np.full(dimensions, dimensions**-0.5, np.float32), 1)

    def count(self) -> int:
        """Returns the number of passages."""
        with answering(self._place):
            return int(self._collection.count())

    def clear(self) -> None:
        """Removes all vectors."""
        with answering(self._place):
            self._client.delete_collection(self._place.collection)
            self._collection = self._client.get_or_create_collection(
                self._place.collection, configuration={"hnsw": HNSW}, embedding_function=None
            )

    def close(self) -> None:
        """Frees the files; another handle then sees all that was written."""
        close_client(self._client)
