"""Several servers behind one client: the least busy live one answers, a dead one is left out."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx2

REST_SECONDS = 15.0
"""How long a server that failed is left out before it is tried again."""

UNREACHED = (httpx2.ConnectError, httpx2.ConnectTimeout)
"""Failures after which no server has seen the request: another may have it."""


@dataclass
class Backend:
    """One of the servers.

    Attributes:
        url: Its address.
        busy: Requests that it is answering.
        rests_until: Until when it is left out, in seconds of the monotonic clock.
    """

    url: httpx2.URL
    busy: int = 0
    rests_until: float = 0.0

    def fail(self) -> None:
        """Leaves the server out for a while."""
        self.rests_until = time.monotonic() + REST_SECONDS


class BalancedTransport(httpx2.BaseTransport):
    """Sends each request to the live server that is answering the fewest.

    Args:
        urls: Addresses of servers that offer the same model; the client's own is the first.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._backends = [Backend(httpx2.URL(url.rstrip("/"))) for url in urls]
        self._within = httpx2.HTTPTransport()
        self._lock = threading.Lock()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends a request; one that reached no server goes to the next.

        Raises:
            ConnectError: No server can be reached.
        """
        path = request.url.raw_path.removeprefix(self._backends[0].url.raw_path)
        for backend in self._by_preference():
            request.url = backend.url.copy_with(raw_path=backend.url.raw_path + path)
            request.headers["Host"] = request.url.netloc.decode()
            self._count(backend, 1)
            try:
                response = self._within.handle_request(request)
            except UNREACHED:
                self._count(backend, -1)
                backend.fail()
                continue
            except BaseException:
                self._count(backend, -1)
                raise
            assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101  # it is sync
            response.stream = _Answer(response.stream, self, backend)
            return response
        message = f"none of {', '.join(str(b.url) for b in self._backends)} can be reached"
        raise httpx2.ConnectError(message, request=request)

    def close(self) -> None:
        """Closes the connections."""
        self._within.close()

    def done(self, backend: Backend) -> None:
        """Notes that a server has answered a request."""
        self._count(backend, -1)

    def _by_preference(self) -> list[Backend]:
        """Returns live servers, the least busy first; then those that rest, as a last resort."""
        now = time.monotonic()
        with self._lock:
            return sorted(self._backends, key=lambda b: (max(0.0, b.rests_until - now), b.busy))

    def _count(self, backend: Backend, change: int) -> None:
        with self._lock:
            backend.busy += change


class _Answer(httpx2.SyncByteStream):
    """A response's content, which tells when it ends and how."""

    def __init__(
        self, within: httpx2.SyncByteStream, transport: BalancedTransport, backend: Backend
    ) -> None:
        self._within = within
        self._transport = transport
        self._backend = backend
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._within
        except httpx2.TransportError:
            self._backend.fail()
            raise

    def close(self) -> None:
        """Ends the response; the server is then less busy."""
        if self._open:
            self._open = False
            self._transport.done(self._backend)
        self._within.close()
