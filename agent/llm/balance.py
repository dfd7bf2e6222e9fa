"""Several servers behind one client: the least busy live one answers, a dead one is left out."""

import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
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


class Backends:
    """The servers of one model, and what each is doing.

    Args:
        urls: Their addresses; the client's own is the first.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._all = [Backend(httpx2.URL(url.rstrip("/"))) for url in urls]
        self._lock = threading.Lock()

    def by_preference(self) -> list[Backend]:
        """Returns live servers, the least busy first; then those that rest, as a last resort."""
        now = time.monotonic()
        with self._lock:
            return sorted(self._all, key=lambda b: (max(0.0, b.rests_until - now), b.busy))

    def path_of(self, request: httpx2.Request) -> bytes:
        """Returns what a request asks for, behind the client's own address."""
        return request.url.raw_path.removeprefix(self._all[0].url.raw_path)

    def give(self, request: httpx2.Request, path: bytes, backend: Backend) -> None:
        """Addresses a request to a server, which is busier from now on."""
        request.url = backend.url.copy_with(raw_path=backend.url.raw_path + path)
        request.headers["Host"] = request.url.netloc.decode()
        self._count(backend, 1)

    def done(self, backend: Backend) -> None:
        """Notes that a server has answered a request, or failed to."""
        self._count(backend, -1)

    def none(self, request: httpx2.Request) -> httpx2.ConnectError:
        """Returns the error that no server can be reached."""
        message = f"none of {', '.join(str(b.url) for b in self._all)} can be reached"
        return httpx2.ConnectError(message, request=request)

    def _count(self, backend: Backend, change: int) -> None:
        with self._lock:
            backend.busy += change


class BalancedTransport(httpx2.BaseTransport):
    """Sends each request to the live server that is answering the fewest.

    Args:
        urls: Addresses of servers that offer the same model; the client's own is the first.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._backends = Backends(urls)
        self._within = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends a request; one that reached no server goes to the next.

        Raises:
            ConnectError: No server can be reached.
        """
        path = self._backends.path_of(request)
        for backend in self._backends.by_preference():
            self._backends.give(request, path, backend)
            try:
                response = self._within.handle_request(request)
            except UNREACHED:
                self._backends.done(backend)
                backend.fail()
                continue
            except BaseException:
                self._backends.done(backend)
                raise
            assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101  # it is sync
            response.stream = _Answer(response.stream, self._backends, backend)
            return response
        raise self._backends.none(request)

    def close(self) -> None:
        """Closes the connections."""
        self._within.close()


class AsyncBalancedTransport(httpx2.AsyncBaseTransport):
    """The same for many requests at once; it opens as many connections as are used.

    Args:
        urls: Addresses of servers that offer the same model; the client's own is the first.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._backends = Backends(urls)
        self._within = httpx2.AsyncHTTPTransport(limits=httpx2.Limits())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends a request; one that reached no server goes to the next.

        Raises:
            ConnectError: No server can be reached.
        """
        path = self._backends.path_of(request)
        for backend in self._backends.by_preference():
            self._backends.give(request, path, backend)
            try:
                response = await self._within.handle_async_request(request)
            except UNREACHED:
                self._backends.done(backend)
                backend.fail()
                continue
            except BaseException:
                self._backends.done(backend)
                raise
            assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101  # it is async
            response.stream = _AsyncAnswer(response.stream, self._backends, backend)
            return response
        raise self._backends.none(request)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._within.aclose()


class _Ending:
    """Notes once that an answer has ended, and leaves a server out that broke off within one."""

    def __init__(self, backends: Backends, backend: Backend) -> None:
        self._backends = backends
        self._backend = backend
        self._open = True

    def broke(self) -> None:
        self._backend.fail()

    def close(self) -> None:
        if self._open:
            self._open = False
            self._backends.done(self._backend)


class _Answer(httpx2.SyncByteStream):
    """A response's content, which tells when it ends and how."""

    def __init__(self, within: httpx2.SyncByteStream, backends: Backends, backend: Backend) -> None:
        self._within = within
        self._ending = _Ending(backends, backend)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._within
        except httpx2.TransportError:
            self._ending.broke()
            raise

    def close(self) -> None:
        """Ends the response; the server is then less busy."""
        self._ending.close()
        self._within.close()


class _AsyncAnswer(httpx2.AsyncByteStream):
    """The same, of one among many at once."""

    def __init__(
        self, within: httpx2.AsyncByteStream, backends: Backends, backend: Backend
    ) -> None:
        self._within = within
        self._ending = _Ending(backends, backend)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._within:
                yield part
        except httpx2.TransportError:
            self._ending.broke()
            raise

    async def aclose(self) -> None:
        """Ends the response; the server is then less busy."""
        self._ending.close()
        await self._within.aclose()
