"""Where a library's vectors are: in its own folder, or on a Chroma server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings

from models.errors import FieldFault, PrerequisiteError, ToolError

DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Server:
    """A collection on a Chroma server.

    Attributes:
        url: http:// or https:// with host and port.
        collection: Its name, which no other library has.
    """

    url: str
    collection: str

    @property
    def address(self) -> tuple[str, int, bool]:
        """Host, port, and whether it speaks TLS.

        Raises:
            ToolError: The URL is none of a server.
        """
        parts = urlsplit(self.url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
            expected = f"a URL such as http://localhost:{DEFAULT_PORT}"
            wrong = FieldFault(field="chroma_url", got=repr(self.url), expected=expected)
            raise ToolError("That is no URL of a Chroma server.", wrong)
        secure = parts.scheme == "https"
        return parts.hostname, port or (443 if secure else DEFAULT_PORT), secure


@dataclass(frozen=True)
class Folder:
    """A Chroma of its own in a folder; one process at a time may have it open."""

    path: Path
    collection: str = "passages"


Place = Folder | Server


def open_client(place: Place) -> Any:
    """Opens Chroma.

    Raises:
        PrerequisiteError: The server does not answer.
        OSError: The folder is damaged; Chroma's own errors, too.
    """
    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Server):
        host, port, ssl = place.address
        try:
            return chromadb.HttpClient(host, port, ssl, settings=settings)
        except ValueError as error:  # what Chroma makes of a refused connection
            raise unreachable(place) from error
    try:
        return chromadb.PersistentClient(path=str(place.path), settings=settings)
    except BaseException as error:
        # Chroma keeps what it could not start, for the next who asks for the folder; and it
        # may trip over closing it.
        SharedSystemClient._identifier_to_system.pop(str(place.path), None)
        if isinstance(error, AttributeError):
            raise OSError(str(error.__context__)) from error
        raise


def close_client(client: Any) -> None:
    """Frees the files or connections; Chroma's own `close` leaves connections open."""
    sessions = [
        getattr(server, "_session", None)
        for server in (client._server, getattr(client._admin_client, "_server", None))
    ]
    client.close()
    for session in filter(None, sessions):
        session.close()


@contextmanager
def answering(place: Place) -> Iterator[None]:
    """Turns a server that went away into an error that says how to start it.

    Raises:
        PrerequisiteError: The server does not answer.
    """
    import httpx

    try:
        yield
    except httpx.TransportError as error:
        assert isinstance(place, Server)  # noqa: S101  # a folder is not asked over HTTP
        raise unreachable(place) from error


def unreachable(server: Server) -> PrerequisiteError:
    """Makes the error for a server that does not answer."""
    host, port, _ = server.address
    message = f"The Chroma server {server.url}, which has the library's vectors, does not answer."
    return PrerequisiteError(message, f"chroma run --host {host} --port {port} --path FOLDER")
