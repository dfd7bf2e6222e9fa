"""What turns documents into findings, window by window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from models.errors import PrerequisiteError, ToolError
from models.fitting.executors import Executor
from retrieval.documents.document import Document
from retrieval.mining.findings import Columns, Outcome

Window = Sequence[Document]


class Miner(Protocol):
    """Mines windows of documents."""

    @property
    def columns(self) -> Columns:
        """The task's own columns."""

    @property
    def fingerprint(self) -> str:
        """Names everything that decides the findings, beside the documents."""

    @property
    def window(self) -> int:
        """How many documents make a window: what a kill can cost."""

    def mine(self, windows: Iterable[Window]) -> Iterator[list[Outcome]]:
        """Yields for each window, in order, what became of its documents.

        Windows are drawn as they are needed. A document that fails costs only itself.

        Raises:
            PrerequisiteError: Nothing can be mined any more (a server is gone, weights are lost).
        """


class Extractor(Protocol):
    """Finds things in documents with models of this machine; transferable to other processes."""

    @property
    def columns(self) -> Columns:
        """The task's own columns."""

    @property
    def fingerprint(self) -> str:
        """Names the models."""

    def extract(self, documents: Window) -> list[Outcome]:
        """Returns what was found in each document."""


@dataclass(frozen=True)
class LocalMiner:
    """Mines with models of this machine, or of each worker of an executor."""

    extractor: Extractor
    executor: Executor
    window: int = 128

    @property
    def columns(self) -> Columns:
        """The columns of the extractor."""
        return self.extractor.columns

    @property
    def fingerprint(self) -> str:
        """The models of the extractor."""
        return self.extractor.fingerprint

    def mine(self, windows: Iterable[Window]) -> Iterator[list[Outcome]]:
        """Yields for each window, in order, what became of its documents."""
        return self.executor.map(partial(extract_window, self.extractor), windows)


def extract_window(extractor: Extractor, documents: Window) -> list[Outcome]:
    """Mines a window; where that fails, one document after the other, so that one costs itself."""
    try:
        return extractor.extract(documents)
    except (PrerequisiteError, ToolError):
        raise
    except Exception as error:  # whatever a document does to a model, the others are mined
        if len(documents) == 1:
            return [Outcome([], error=f"{type(error).__name__}: {error}")]
    return [outcome for document in documents for outcome in extract_window(extractor, [document])]
