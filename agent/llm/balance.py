"""Several servers behind one client: the least busy live one answers, a dead one is left out."""

import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any

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

    def attempts(self, request: httpx2.Request) -> Iterator["Attempt"]:
        """Addresses a request to live servers, the least busy first, then to those that rest."""
        # What is asked for, behind the client's own address.
        path = request.url.raw_path.removeprefix(self._all[0].url.raw_path)
        now = time.monotonic()
        with self._lock:
            order = sorted(self._all, key=lambda b: (max(0.0, b.rests_until - now), b.busy))
        for backend in order:
            request.url = backend.url.copy_with(raw_path=backend.url.raw_path + path)
            request.headers["Host"] = request.url.netloc.decode()
            yield Attempt(backend, self._lock)

    def none(self, request: httpx2.Request) -> httpx2.ConnectError:
        """Returns the error that no server can be reached."""
        message = f"none of {', '.join(str(b.url) for b in self._all)} can be reached"
        return httpx2.ConnectError(message, request=request)


class Attempt:
    """A request that a server is answering: `with` sends it, its answer's end ends it.

    A server that cannot be reached is left out for a while, and the block ends quietly.

    Args:
        backend: The server.
        lock: Held while its requests are counted.
    """

    def __init__(self, backend: Backend, lock: threading.Lock) -> None:
        self._backend = backend
        self._lock = lock
        self._open = False

    def __enter__(self) -> None:
        self._open = True
        with self._lock:
            self._backend.busy += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        self.end()
        if isinstance(error, UNREACHED):
            self._backend.fail()
            return True
        return False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Leaves a server out for a while that breaks off within its answer."""
        try:
            yield
        except httpx2.TransportError:
            self._backend.fail()
            raise

    def end(self) -> None:
        """Notes, once, that the server has answered or failed to."""
        if self._open:
            self._open = False
            with self._lock:
                self._backend.busy -= 1


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
        for attempt in self._backends.attempts(request):
            with attempt:
                response = self._within.handle_request(request)
                response.stream = _Answer(response.stream, attempt)
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
        for attempt in self._backends.attempts(request):
            with attempt:
                response = await self._within.handle_async_request(request)
                response.stream = _Answer(response.stream, attempt)
                return response
        raise self._backends.none(request)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._within.aclose()


class _Answer(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A response's content of either kind, which tells when it ends and how."""

    def __init__(self, within: Any, attempt: Attempt) -> None:
        self._within = within
        self._attempt = attempt

    def __iter__(self) -> Iterator[bytes]:
        with self._attempt.reading():
            yield from self._within

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with self._attempt.reading():
            async for part in self._within:
                yield part

    def close(self) -> None:
        self._attempt.end()
        self._within.close()

    async def aclose(self) -> None:
        self._attempt.end()
        await self._within.aclose()
