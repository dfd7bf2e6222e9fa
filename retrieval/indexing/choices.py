"""What a library keeps of its settings: where its vectors are, what ranks again."""

from pathlib import Path

from models.errors import PrerequisiteError
from retrieval.indexing.chroma import Server, close_client, open_client
from retrieval.indexing.manifest import Manifest
from retrieval.indexing.storage import REPAIR
from retrieval.indexing.store import CHROMA_URL
from retrieval.settings import NONE, LibrarySettings

RERANKER = "reranker"


def keep(settings: LibrarySettings, manifest: Manifest) -> None:
    """Notes in the manifest what was chosen.

    Raises:
        PrerequisiteError: The vectors are elsewhere.
    """
    if settings.reranker is not None:
        chosen = Path(settings.reranker).expanduser().resolve()
        folder = "" if settings.reranker == NONE else str(chosen)
        if (manifest.setting(RERANKER) or "") != folder:
            manifest.set(RERANKER, folder)
    if settings.chroma_url is None:
        return
    url, kept = _url(settings.chroma_url), manifest.setting(CHROMA_URL) or ""
    if url == kept:
        return
    if manifest.empty():
        manifest.set(CHROMA_URL, url)
        return
    message = f"The library's vectors are in {kept or 'its own folder'}, not {url or 'there'}."
    raise PrerequisiteError(f"{message} Repairing moves them.", REPAIR)


def move(settings: LibrarySettings, manifest: Manifest) -> None:
    """Notes where the vectors are to be made anew.

    Raises:
        PrerequisiteError: The server does not answer.
    """
    if settings.chroma_url is not None:
        url = _url(settings.chroma_url)
        if url:
            close_client(open_client(Server(url, "")))
        manifest.set(CHROMA_URL, url)


def _url(given: str) -> str:
    return "" if given == NONE else given.rstrip("/")
