"""A loopback server that answers as NCBI's E-utilities do, its errors included."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

DOCTYPE = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    '1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
OVER_LIMIT = '{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}'
NO_HISTORY = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<eFetchResult>\n\t<ERROR>Cannot retrieve history '
    "data. query_key: 1, WebEnv: MCID_1, retstart: 0, retmax: 200</ERROR>\n</eFetchResult>\n"
)
BACKEND = '{"header":{"type":"esearch"},"esearchresult":{"ERROR":"Search Backend failed: timeout"}}'
BAD_KEY = '{"error":"API key invalid","api-key":"wrong","type":"api-key"}'


@dataclass(frozen=True)
class Fault:
    """An answer that takes the place of the right one."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    utility: str = ""


def article(pmid: int, title: str, abstract: str, year: int = 2020) -> str:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID>'
        f"<Article><Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue>"
        f"<Title>Journal of Tests</Title></Journal><ArticleTitle>{title}</ArticleTitle>"
        f"<Abstract><AbstractText>{abstract}</AbstractText></Abstract></Article>"
        "<MeshHeadingList><MeshHeading><DescriptorName>Zinc</DescriptorName></MeshHeading>"
        "</MeshHeadingList></MedlineCitation></PubmedArticle>"
    )


class EutilsServer:
    """Holds articles, of which a search finds those that have all of its words.

    Attributes:
        faults: Given out first, one a request (to the utility they name, if any).
        requests: What was asked, with the moment under `at`.
        history: Searches that efetch knows; emptying it is losing them.
    """

    def __init__(self, articles: list[str]) -> None:
        self.articles = articles
        self.faults: list[Fault] = []
        self.requests: list[dict[str, Any]] = []
        self.history: dict[str, list[str]] = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
                utility = self.path.rsplit("/", 1)[-1]
                server.requests.append(form | {"utility": utility, "at": time.monotonic()})
                answer = server._fault(utility) or getattr(server, f"_{utility.split('.')[0]}")(
                    form
                )
                content = answer.body.encode()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_port}/entrez/eutils"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _fault(self, utility: str) -> Fault | None:
        fitting = [fault for fault in self.faults if fault.utility in ("", utility)]
        if fitting:
            self.faults.remove(fitting[0])
        return fitting[0] if fitting else None

    def _esearch(self, form: dict[str, str]) -> Fault:
        words = form["term"].casefold().split()
        found = [text for text in self.articles if all(w in text.casefold() for w in words)]
        webenv = f"MCID_{len(self.requests)}"
        self.history[webenv] = found
        result: dict[str, Any] = {
            "count": str(len(found)), "retmax": "0", "retstart": "0", "querykey": "1",
            "webenv": webenv, "idlist": [], "translationset": [], "querytranslation": form["term"],
        }  # fmt: skip
        if not found:
            result["errorlist"] = {"phrasesnotfound": words, "fieldsnotfound": []}
        content = {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
        return Fault(200, json.dumps(content))

    def _efetch(self, form: dict[str, str]) -> Fault:
        found = self.history.get(form["WebEnv"])
        if found is None:
            return Fault(400, NO_HISTORY)
        start = int(form["retstart"])
        part = found[start : start + int(form["retmax"])]
        body = "\n".join(part)
        return Fault(200, f"{DOCTYPE}<PubmedArticleSet>\n{body}\n</PubmedArticleSet>")
