"""Documents taken out of a library: by id, by the file they came from, or because retracted."""

from collections.abc import Callable, Sequence
from pathlib import Path

from models.errors import FieldFault, ToolError, fault
from retrieval.documents.document import Document
from retrieval.indexing.store import Store

BATCH = 256


class Removal:
    """What is to be removed; nothing is before `run`.

    A file is forgotten last: where the removal is killed, asking for it again removes the rest.

    Args:
        store: Of the library.
        ids: Of articles.
        files: Documents that came from these and from no other file.
        retracted: All retracted articles, too.

    Raises:
        ToolError: Names every id and file that the library does not know.

    Attributes:
        documents: What is to be removed, by hash.
        files: Paths of the files, as the library lists them.
    """

    def __init__(
        self, store: Store, ids: Sequence[str] = (), files: Sequence[Path] = (),
        *, retracted: bool = False,
    ) -> None:  # fmt: skip
        self._store = store
        manifest = store.manifest
        known = [status.path for status in store.files.all()]
        found = {name: manifest.find(name) for name in ids}
        self.files = [str(path.resolve()) for path in files]
        faults = [_unknown("id", name, manifest.identifiers()) for name in ids if not found[name]]
        faults += [_unknown("file", name, known) for name in self.files if name not in known]
        if faults:
            raise ToolError("The library does not have this.", *faults, kind="not_found")
        hashes = [document.hash for document in found.values() if document]
        hashes += manifest.only_from(self.files)
        hashes += manifest.retracted() if retracted else []
        self.documents: dict[str, Document] = manifest.documents(list(dict.fromkeys(hashes)))

    def run(self, progress: Callable[[int, int], None] = lambda *_: None) -> int:
        """Removes them; returns how many documents there were.

        Args:
            progress: Told the documents done and their number.

        Raises:
            PrerequisiteError: An index is damaged.
        """
        hashes, gone = list(self.documents), 0
        for start in range(0, len(hashes), BATCH):
            gone += self._store.remove(hashes[start : start + BATCH])
            progress(min(start + BATCH, len(hashes)), len(hashes))
        self._store.manifest.leave(self.files)
        for path in self.files:
            self._store.files.forget(path)
        return gone


def _unknown(field: str, name: str, choices: Sequence[str]) -> FieldFault:
    return fault(field, name, f"{field} of something in the library", choices)
