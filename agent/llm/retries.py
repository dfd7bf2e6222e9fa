"""A request to a language model's server that is tried again while there is hope."""

import asyncio
import random
from typing import Any

import httpx2

from agent.llm.balance import UNREACHED

TRIES = 5
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
"""Seconds; each pause is twice the one before, and shortened at random so that requests that
failed together do not come back together."""

PASSING = {408, 409, 429, 500, 502, 503, 504}
"""Statuses of a server that may answer the same request later."""


async def post(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any] | str:
    """Sends a JSON request, again where it fails on its way.

    Args:
        client: With the server's address and key.
        path: Behind that address.
        body: What is asked.

    Returns:
        The server's reply, or in words why this request gets none.

    Raises:
        ConnectError: No server can be reached, after all tries.
    """
    fault = ""
    for number in range(TRIES):
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**number)
        try:
            response = await client.post(path, json=body)
        except httpx2.ReadTimeout:
            return "the server did not answer in time"
        except httpx2.TransportError as error:
            if number == TRIES - 1 and isinstance(error, UNREACHED):
                raise
            fault = str(error) or type(error).__name__
        else:
            if response.status_code not in PASSING:
                return _read(response)
            fault = _words(response)
            pause = max(pause, _asked_pause(response))
        if number < TRIES - 1:
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  # no secret
    return f"the server failed {TRIES} times: {fault}"


def _read(response: httpx2.Response) -> dict[str, Any] | str:
    if response.is_success:
        try:
            read = response.json()
        except ValueError:
            return "the server's answer is no JSON"
        if isinstance(read, dict) and read.get("choices"):
            return read
        return "the server's answer holds no reply"
    return _words(response)


def _words(response: httpx2.Response) -> str:
    """Returns what a server says is wrong, in one line."""
    try:
        said = response.json()
        text = str(said.get("error", said).get("message", said))
    except (ValueError, AttributeError):
        text = response.text
    return f"{response.status_code}: {text.partition(chr(10))[0][:200]}"


def _asked_pause(response: httpx2.Response) -> float:
    """Returns the seconds that a busy server asks to wait, at most the longest pause."""
    try:
        return min(LONGEST_PAUSE, float(response.headers.get("Retry-After", 0)))
    except ValueError:
        return 0.0
