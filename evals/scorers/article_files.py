"""Articles written in the formats that libraries read, as their makers write them."""

import csv
import io
import json
import textwrap
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from xml.sax.saxutils import escape

Article = dict[str, Any]

PAGE_WIDTH, PAGE_HEIGHT, MARGIN, LEADING, FONT, SIZE = 595, 842, 50, 12, "Times-Roman", 10
GUTTER, ROWS = 14, 58
PROTECTED = str.maketrans({c: f"\\{c}" for c in "&%$#_"} | {"-": "-{}"})


def pubmed_xml(articles: Sequence[Article]) -> bytes:
    """PubMed's XML."""
    body = "".join(
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{a["pmid"]}</PMID><Article><Journal>'
        f"<JournalIssue><PubDate><Year>{a['year']}</Year></PubDate></JournalIssue></Journal>"
        f"<ArticleTitle>{escape(a['title'])}</ArticleTitle><Abstract><AbstractText>"
        f"{escape(a['abstract'])}</AbstractText></Abstract></Article></MedlineCitation>"
        "</PubmedArticle>\n"
        for a in articles
    )
    return f"<PubmedArticleSet>{body}</PubmedArticleSet>".encode()


def jats_xml(articles: Sequence[Article]) -> bytes:
    """PubMed Central's XML, with the abstract as the body too."""
    body = "".join(
        '<article article-type="research-article"><front><article-meta>'
        f'<article-id pub-id-type="pmid">{a["pmid"]}</article-id><title-group><article-title>'
        f"{escape(a['title'])}</article-title></title-group><pub-date><year>{a['year']}</year>"
        f"</pub-date><abstract><p>{escape(a['abstract'])}</p></abstract></article-meta></front>"
        f"<body><sec><title>Results</title><p>{escape(a['abstract'])}</p></sec></body></article>\n"
        for a in articles
    )
    return f"<pmc-articleset>{body}</pmc-articleset>".encode()


def nbib(articles: Sequence[Article]) -> bytes:
    """MEDLINE's tagged lines."""
    lines = []
    for a in articles:
        pairs = {"PMID": a["pmid"], "DP": a["year"], "TI": a["title"], "AB": a["abstract"]}
        for tag, value in pairs.items():
            wrapped = textwrap.wrap(str(value), 80, break_on_hyphens=False) or [""]
            lines += [f"{tag:4}- " + "\n      ".join(wrapped)]
        lines.append("")
    return "\n".join(lines).encode()


def ris(articles: Sequence[Article]) -> bytes:
    """RIS."""
    return "".join(
        f"TY  - JOUR\nTI  - {a['title']}\nAB  - {a['abstract']}\nPY  - {a['year']}\n"
        f"AN  - {a['pmid']}\nDB  - PubMed\nER  - \n\n"
        for a in articles
    ).encode()


def bibtex(articles: Sequence[Article]) -> bytes:
    """BibTeX."""
    return "".join(
        f"@article{{p{a['pmid']},\n  title = {{{a['title'].translate(PROTECTED)}}},\n"
        f"  abstract = {{{a['abstract'].translate(PROTECTED)}}},\n  year = {a['year']},\n"
        f"  pmid = {{{a['pmid']}}}\n}}\n"
        for a in articles
    ).encode()


def jsonl(articles: Sequence[Article]) -> bytes:
    """JSON Lines."""
    return "".join(json.dumps(article) + "\n" for article in articles).encode()


def csv_table(articles: Sequence[Article]) -> bytes:
    """A table with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["pmid", "title", "abstract", "year"])
    writer.writeheader()
    writer.writerows(articles)
    return text.getvalue().encode()


WRITERS: dict[str, Callable[[Sequence[Article]], bytes]] = {
    "xml": pubmed_xml, "nxml": jats_xml, "nbib": nbib, "ris": ris, "bib": bibtex, "jsonl": jsonl,
    "csv": csv_table,
}  # fmt: skip
"""By suffix."""


def two_column_pdf(articles: Sequence[Article], chance: Random) -> tuple[bytes, list[str]]:
    """Sets abstracts in two justified columns, drawn row by row under a running head.

    Returns:
        The file, and the words as people read them.
    """
    from reportlab.pdfgen.canvas import Canvas

    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=True)
    width = (PAGE_WIDTH - 2 * MARGIN - GUTTER) / 2
    words = " ".join(f"{a['title']} {a['abstract']}" for a in articles).split()
    lines = _hyphenated(words, lambda text: canvas.stringWidth(text, FONT, SIZE) <= width, chance)
    for page, start in enumerate(range(0, len(lines), 2 * ROWS), start=1):
        canvas.setFont(FONT, 8)
        canvas.drawString(MARGIN, PAGE_HEIGHT - 25, "Journal of abstracts 2020;12:100-109")
        canvas.drawRightString(PAGE_WIDTH - MARGIN, PAGE_HEIGHT - 25, str(page))
        left, right = lines[start : start + ROWS], lines[start + ROWS : start + 2 * ROWS]
        for row in range(ROWS):
            for column, side in enumerate((left, right)):
                if row < len(side):
                    text = canvas.beginText(
                        MARGIN + column * (width + GUTTER), PAGE_HEIGHT - 60 - row * LEADING
                    )
                    text.setFont(FONT, SIZE)
                    slack = width - canvas.stringWidth(side[row], FONT, SIZE)
                    if slack < width / 4:
                        text.setWordSpace(slack / max(1, side[row].count(" ")))
                    text.textOut(side[row])
                    canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return content.getvalue(), words


def _hyphenated(words: list[str], fits: Callable[[str], bool], chance: Random) -> list[str]:
    """Breaks words into lines; one in two long words that do not fit is divided."""
    lines, line = [], ""
    for word in words:
        longer = f"{line} {word}".strip()
        if fits(longer):
            line = longer
            continue
        rest = word
        if word.isalpha() and len(word) >= 7 and chance.random() < 0.5:
            cuts = [n for n in range(len(word) - 3, 2, -1) if fits(f"{line} {word[:n]}-")]
            if cuts:
                line, rest = f"{line} {word[: cuts[0]]}-", word[cuts[0] :]
        lines.append(line)
        line = rest
    return [*lines, line]
