"""The dense index: passage vectors in an embedded Chroma."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from numpy.typing import NDArray

from retrieval.years import ALL_YEARS, Years

COLLECTION = "passages"
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
    """One handle on the index; safe only under the library's lease, see `retrieval.lease`.

    Texts and bibliographic data stay in the manifest: Chroma would index each text's trigrams,
    which nothing here asks for, at ten times the disk and half the speed.
    """

    def __init__(self, folder: Path) -> None:
        settings = Settings(anonymized_telemetry=False)
        try:
            self._client: Any = chromadb.PersistentClient(path=str(folder), settings=settings)
        except BaseException as error:
            # Chroma keeps what it could not start, for the next who asks for the folder; and it
            # may trip over closing it.
            SharedSystemClient._identifier_to_system.pop(str(folder), None)
            if isinstance(error, AttributeError):
                raise OSError(str(error.__context__)) from error
            raise
        self._collection: Any = self._client.get_or_create_collection(
            COLLECTION, configuration={"hnsw": HNSW}, embedding_function=None
        )

    def put(
        self, ids: Sequence[str], vectors: NDArray[np.float32], metadata: Sequence[dict[str, Any]]
    ) -> None:
        """Writes vectors (passages, dimensions), over those of the same ids."""
        for start in range(0, len(ids), MOST_AT_ONCE):
            part = slice(start, start + MOST_AT_ONCE)
            self._collection.upsert(
                ids=list(ids[part]), embeddings=vectors[part], metadatas=list(metadata[part])
            )

    def describe(self, ids: Sequence[str], metadata: Sequence[dict[str, Any]]) -> None:
        """Replaces the metadata of vectors that stay as they are."""
        self._collection.update(ids=list(ids), metadatas=list(metadata))

    def delete(self, ids: Sequence[str]) -> None:
        """Removes vectors."""
        self._collection.delete(ids=list(ids))

    def nearest(
        self, vector: NDArray[np.float32], limit: int, years: Years = ALL_YEARS
    ) -> dict[str, float]:
        """Returns the ids of the passages nearest to a unit vector with their cosines (−1 to 1)."""
        found = self._collection.query(
            query_embeddings=[vector], n_results=limit, where=years.chroma(), include=["distances"]
        )
        ids, distances = found["ids"][0], found["distances"][0]
        return {key: 1 - distance for key, distance in zip(ids, distances, strict=True)}

    def settle(self) -> None:
        """Brings the index on disk level with the log, which Chroma does at the first search."""
        if self.count():
            dimensions = len(self._collection.peek(1)["embeddings"][0])
            self.nearest(np.full(dimensions, dimensions**-0.5, np.float32), 1)

    def count(self) -> int:
        """Returns the number of passages."""
        return int(self._collection.count())

    def close(self) -> None:
        """Frees the files; another handle then sees all that was written."""
        self._client.close()
