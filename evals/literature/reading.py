"""How exactly and how fast files of each format are read, beside the bare engines."""

import csv
import io
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import TypeVar
from xml.etree.ElementTree import iterparse

from evals.registry import EvalOptions, Report, ReportTable, eval_task
from evals.scorers.article_files import WRITERS, Article, two_column_pdf
from retrieval.documents.document import Document
from retrieval.sources import read_file

ARTICLES = "pubmedqa/articles.jsonl"
REPEATS, PER_PDF, RUN = 3, 25, 6

Found = TypeVar("Found")


@eval_task("reading", "files of each format: exactness, and speed beside the bare engines")
def run(options: EvalOptions) -> Report:
    """Writes real abstracts in each format and reads them back."""
    path = options.folder("pubmedqa") / Path(ARTICLES).name
    with path.open(encoding="utf-8") as stream:
        articles = [_plain(json.loads(line)) for line in stream][: options.limit]
    folder = options.workspace.root / "reading"
    folder.mkdir(parents=True, exist_ok=True)
    rows, figures = [], {}
    for suffix, write in WRITERS.items():
        file = folder / f"articles.{suffix}"
        file.write_bytes(write(articles))
        seconds, documents = _timed(lambda file=file: _documents(file))  # type: ignore[misc]
        engine = BARE.get(suffix, _lines)
        bare, _ = _timed(lambda file=file, engine=engine: engine(file))  # type: ignore[misc]
        exact = _exact(documents, articles)
        rows.append([suffix, round(len(articles) / seconds), round(bare / seconds, 2), exact])
        figures[f"{suffix}: share of articles read exactly"] = exact
    return Report(
        title="Reading files",
        tables=[
            ReportTable(
                title=f"{len(articles)} articles of PubMedQA, one core",
                columns=["format", "articles per second", "speed / bare engine", "exact"],
                rows=rows,
            ),
            _pdf_table(folder, articles, Random(options.seed), figures),  # noqa: S311  # no secret
        ],
        figures=figures,
        notes=[
            "Bare engines: ElementTree's iterparse, json.loads, csv.reader, PDFium's own text, and "
            "plain lines for the tagged formats; none of them makes documents.",
            "Exact: title and abstract are the same characters.",
        ],
    )


def _pdf_table(
    folder: Path, articles: Sequence[Article], chance: Random, figures: dict[str, float]
) -> ReportTable:
    files, words = [], []
    for start in range(0, len(articles), PER_PDF):
        content, read = two_column_pdf(articles[start : start + PER_PDF], chance)
        files.append(folder / f"{start}.pdf")
        files[-1].write_bytes(content)
        words.append(read)
    ours, texts = _timed(lambda: [_documents(file)[0].text for file in files])
    bare, plain = _timed(lambda: [_pdfium(file) for file in files])
    pages = sum(len(_documents(file)[0].pages) for file in files)
    rows = []
    for name, seconds, found in (("library", ours, texts), ("PDFium's text", bare, plain)):
        share = sum(map(_in_order, found, words)) / len(files)
        rows.append([name, round(pages / seconds, 1), round(share, 4)])
        figures[f"pdf: share of {RUN}-word runs in order, {name}"] = share
    figures["pdf: speed / PDFium's text"] = bare / ours
    return ReportTable(
        title=f"{pages} pages in two columns, drawn row by row, with words divided",
        columns=["what", "pages per second", f"{RUN}-word runs in order"],
        rows=rows,
    )


def _documents(file: Path) -> list[Document]:
    return [item for item, _ in read_file(file) if isinstance(item, Document)]


def _plain(article: Article) -> Article:
    texts = {name: " ".join(article[name].split()) for name in ("title", "abstract")}
    return {"pmid": article["pmid"], "year": article["year"] or 2000, **texts}


def _exact(documents: Sequence[Document], articles: Sequence[Article]) -> float:
    found = {document.pmid: document for document in documents}
    same = [
        (document := found.get(a["pmid"])) is not None
        and (document.title, document.abstract) == (a["title"], a["abstract"])
        for a in articles
    ]
    return round(sum(same) / len(same), 4)


def _in_order(text: str, words: Sequence[str]) -> float:
    """Returns the share of runs of words that follow each other in the text."""
    plain = f" {' '.join(text.split())} "
    runs = [f" {' '.join(words[n : n + RUN])} " for n in range(0, len(words) - RUN, RUN)]
    return sum(run in plain for run in runs) / len(runs)


def _timed(work: Callable[[], Found]) -> tuple[float, Found]:
    seconds, found = [], work()
    for _ in range(REPEATS):
        started = time.process_time()
        found = work()
        seconds.append(time.process_time() - started)
    return median(seconds), found


def _parse_xml(file: Path) -> None:
    for _, element in iterparse(file):  # noqa: S314  # our own file
        if element.tag in {"PubmedArticle", "article"}:
            element.clear()


def _parse_json(file: Path) -> None:
    with file.open("rb") as stream:
        for line in stream:
            json.loads(line)


def _parse_csv(file: Path) -> None:
    for _ in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))):
        pass


def _lines(file: Path) -> None:
    with file.open(encoding="utf-8") as stream:
        for _ in stream:
            pass


BARE: dict[str, Callable[[Path], None]] = {
    "xml": _parse_xml, "nxml": _parse_xml, "jsonl": _parse_json, "csv": _parse_csv,
}  # fmt: skip


def _pdfium(file: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(file.read_bytes()) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
