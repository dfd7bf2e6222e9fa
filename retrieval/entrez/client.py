"""Requests to the E-utilities: paced, repeated where that helps, errors in words.

Source:
    Sayers, "A General Introduction to the E-utilities", NCBI (NBK25497): at most 3 requests a
    second, 10 with an API key.
"""

import json
import re
import time
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import httpx2
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from models.errors import FieldFault, PrerequisiteError, ToolError
from retrieval.entrez.pace import Pace
from retrieval.entrez.settings import EntrezSettings

TOOL = "theriac"
RATE, RATE_WITH_KEY = 3, 10
TRIES = 5
LONGEST_WAIT = 60.0
TIMEOUT = httpx2.Timeout(60.0, connect=15.0)

BUSY = re.compile(
    r"rate limit|too many requests|temporarily|try again|backend failed|timed? ?out|unavailable",
    re.IGNORECASE,
)
"""What an error says that goes away by itself, though the status may be 200."""

LOST_HISTORY = re.compile(r"history|unable to obtain query|webenv|query_key", re.IGNORECASE)
XML_ERROR = re.compile(r"<ERROR>(.*?)</ERROR>", re.DOTALL)


class HistoryLostError(Exception):
    """The server no longer knows the search whose results were asked for."""


class EntrezClient:
    """Speaks with one E-utilities server.

    Args:
        settings: Where it is, and who asks.
        first_wait: Seconds before the second try; each further wait is twice as long.
    """

    def __init__(self, settings: EntrezSettings, first_wait: float = 1.0) -> None:
        self._settings = settings
        self._first_wait = first_wait
        self._pace = Pace(RATE_WITH_KEY if settings.ncbi_api_key else RATE)
        self._http = httpx2.Client(timeout=TIMEOUT, follow_redirects=True)

    def close(self) -> None:
        """Frees the connections."""
        self._http.close()

    def search(self, query: str) -> dict[str, Any]:
        """Returns the result of esearch in PubMed; the found ids stay on the history server.

        Raises:
            ToolError: The query or the API key is refused.
            PrerequisiteError: The server cannot be reached, or fails again and again.
        """
        asked = {"db": "pubmed", "term": query, "usehistory": "y", "retmax": "0", "retmode": "json"}
        result: dict[str, Any] = json.loads(self._ask("esearch.fcgi", asked)).get(
            "esearchresult", {}
        )
        return result

    def fetch(self, webenv: str, query_key: str, start: int, count: int) -> Element:
        """Returns PubMed XML of some results of a search.

        Raises:
            HistoryLostError: The server no longer has the search.
            ToolError: The request is refused.
            PrerequisiteError: The server cannot be reached, or fails again and again.
        """
        asked = {
            "db": "pubmed", "WebEnv": webenv, "query_key": query_key, "retmode": "xml",
            "retstart": str(start), "retmax": str(count),
        }  # fmt: skip
        found: Element = fromstring(self._ask("efetch.fcgi", asked))
        return found

    def _ask(self, utility: str, asked: Mapping[str, str]) -> bytes:
        """Sends a request until its answer is whole and no error that goes away by itself."""
        url = f"{self._settings.entrez_url.rstrip('/')}/{utility}"
        form = {**asked, "tool": TOOL}
        if self._settings.ncbi_api_key:
            form["api_key"] = self._settings.ncbi_api_key
        if self._settings.ncbi_email:
            form["email"] = self._settings.ncbi_email
        why = ""
        for attempt in range(TRIES):
            self._pace.wait()
            pause = self._first_wait * 2**attempt
            try:
                response = self._http.post(url, data=form)
            except httpx2.TransportError as error:
                why = f"{type(error).__name__}: {error}"
            else:
                why = _fault(response, asked["retmode"])
                if not why:
                    return response.content
                if not _passes(response, why):
                    raise _refusal(why, asked)
                pause = max(pause, _told_wait(response))
            if attempt + 1 < TRIES:
                time.sleep(min(pause, LONGEST_WAIT))
        message = f"{url} failed {TRIES} times; at last: {why}."
        raise PrerequisiteError(message, f"curl --head {self._settings.entrez_url}")


def _fault(response: httpx2.Response, retmode: str) -> str:
    """Returns what is wrong with an answer, by its status or its words; empty where nothing is."""
    text = response.text
    if (found := XML_ERROR.search(text)) is not None:
        return " ".join(found[1].split())
    try:
        if retmode == "xml" and text.lstrip()[:1] == "<":
            root = fromstring(response.content)
            if response.is_success and root.tag != "PubmedArticleSet":
                return f"an answer of <{root.tag}>"
        else:
            content = json.loads(text)
            inner = content.get("esearchresult") or {}
            if error := content.get("error") or inner.get("ERROR"):
                return str(error)
    except (ParseError, DefusedXmlException, ValueError, AttributeError):
        if response.is_success:
            return "an answer that breaks off"
    return "" if response.is_success else f"HTTP {response.status_code} {response.reason_phrase}"


def _passes(response: httpx2.Response, why: str) -> bool:
    """Tells whether an error may go away by itself."""
    status = response.status_code
    return status == 429 or status >= 500 or "breaks off" in why or bool(BUSY.search(why))


def _told_wait(response: httpx2.Response) -> float:
    told = response.headers.get("retry-after", "")
    return float(told) if told.isdigit() else 0.0


def _refusal(why: str, asked: Mapping[str, str]) -> Exception:
    if "WebEnv" in asked and LOST_HISTORY.search(why):
        return HistoryLostError(why)
    if re.search(r"api.key", why, re.IGNORECASE):
        wrong = FieldFault(field="ncbi_api_key", got="a key", expected="a key that NCBI knows")
    else:
        wrong = FieldFault(
            field="query", got=repr(asked.get("term", "")), expected="a query that PubMed reads"
        )
    return ToolError(f"PubMed says: {why}.", wrong)
