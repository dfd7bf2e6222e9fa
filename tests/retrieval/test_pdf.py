"""PDF files made on the spot: columns, furniture, hyphens, scans, locks and damage."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from models.store.workspace import Workspace
from retrieval.documents.document import Document, RowFault
from retrieval.documents.passages import cut_passages
from retrieval.library import Library
from retrieval.sources.pdf import read

WIDTH, HEIGHT = A4
MARGIN, LEADING, SIZE = 50, 12, 10
VOCABULARY = ["patients", "trial", "dose", "effect", "risk", "response", "therapy", "outcome"]

Draw = Callable[[Canvas], None]


def pdf(draw: Draw, **options: object) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True, **options)
    draw(canvas)
    canvas.save()
    return content.getvalue()


def items_of(content: bytes) -> tuple[Document | None, list[RowFault]]:
    items = list(read(io.BytesIO(content)))
    documents = [item for item in items if isinstance(item, Document)]
    assert len(documents) <= 1
    return (documents or [None])[0], [item for item in items if isinstance(item, RowFault)]


def text_of(draw: Draw) -> str:
    document, faults = items_of(pdf(draw))
    assert not faults
    assert document
    return document.text


def write(canvas: Canvas, lines: list[str], x: float = MARGIN, y: float = HEIGHT - 100) -> None:
    canvas.setFont("Times-Roman", SIZE)
    for n, line in enumerate(lines):
        canvas.drawString(x, y - n * LEADING, line)


class Columns:
    """Pages of two justified columns under a title that spans both, with what they should read."""

    def __init__(self, pages: int, gutter: float, shift: float, *, by_row: bool) -> None:
        self.pages, self.gutter, self.shift, self.by_row = pages, gutter, shift, by_row
        self.lines: list[str] = []

    def __call__(self, canvas: Canvas) -> None:
        chance = random.Random(0)
        width = (WIDTH - 2 * MARGIN - self.gutter) / 2
        for page in range(self.pages):
            canvas.setFont("Times-Roman", 8)
            canvas.drawString(MARGIN, HEIGHT - 30, "J Tests 2020;7:1-9")
            canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 30, str(page + 1))
            top = HEIGHT - 70
            if page == 0:
                canvas.setFont("Times-Bold", 16)
                canvas.drawString(MARGIN, top, "Zinc for the common cold: a randomised trial")
                abstract = self.wrapped(canvas, chance, 60, WIDTH - 2 * MARGIN)
                write(canvas, abstract, y=top - 30)
                self.lines += abstract
                top -= 30 + LEADING * (len(abstract) + 1)
            count = 30
            left = self.wrapped(canvas, chance, 600, width)[:count]
            right = self.wrapped(canvas, chance, 600, width)[:count]
            self.lines += left + right
            rows = [(MARGIN, top - n * LEADING, line) for n, line in enumerate(left)]
            rows += [
                (MARGIN + width + self.gutter, top - n * LEADING - self.shift, line)
                for n, line in enumerate(right)
            ]
            if self.by_row:
                rows.sort(key=lambda row: (-round(row[1] + self.shift), row[0]))
            for x, y, line in rows:
                self.justified(canvas, x, y, line, width)
            canvas.showPage()

    @staticmethod
    def wrapped(canvas: Canvas, chance: random.Random, words: int, width: float) -> list[str]:
        lines, line = [], ""
        for word in chance.choices(VOCABULARY, k=words):
            longer = f"{line} {word}".strip()
            if canvas.stringWidth(longer, "Times-Roman", SIZE) > width:
                lines.append(line)
                longer = word
            line = longer
        return lines

    @staticmethod
    def justified(canvas: Canvas, x: float, y: float, line: str, width: float) -> None:
        text = canvas.beginText(x, y)
        text.setFont("Times-Roman", SIZE)
        slack = width - canvas.stringWidth(line, "Times-Roman", SIZE)
        text.setWordSpace(slack / line.count(" "))
        text.textOut(line)
        canvas.drawText(text)


@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize(("gutter", "shift"), [(24, 0), (10, 0), (14, 5)])
def test_two_columns_are_read_one_after_the_other(
    gutter: float, shift: float, by_row: bool
) -> None:
    columns = Columns(3, gutter, shift, by_row=by_row)
    document, faults = items_of(pdf(columns))
    assert document
    assert not faults
    text = " ".join(document.text.split())
    pairs = list(zip(columns.lines, columns.lines[1:], strict=False))
    assert [pair for pair in pairs if " ".join(pair) not in text] == []
    assert "J Tests" not in text  # nor the page numbers beside it
    assert document.title == "Zinc for the common cold: a randomised trial"
    assert [page.number for page in document.pages] == [1, 2, 3]


def test_table_is_read_row_by_row() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, ["The groups were alike in all that was measured before the trial began."])
        for n, row in enumerate(
            [("Age", "45", "47"), ("Sex", "12", "13"), ("BMI", "22", "25")] * 2
        ):
            for column, cell in enumerate(row):
                canvas.drawString(MARGIN + 150 * column, 600 - 12 * n, cell)

    assert "Age 45 47 Sex 12 13 BMI 22 25" in text_of(draw)


def test_hyphens_at_line_ends_are_mended_and_those_of_compounds_kept() -> None:
    def draw(canvas: Canvas) -> None:
        write(
            canvas,
            [
                "Adults were ran-", "domised to anti-inflammatory drugs; the anti-",
                "inflammatory effect of IL-", "6 was followed for a 5-", "year period. It re-",
            ],
        )  # fmt: skip
        canvas.showPage()
        write(canvas, ["mained high until the end of the trial."])

    document, _ = items_of(pdf(draw))
    assert document
    assert document.text == (
        "Adults were randomised to anti-inflammatory drugs; the anti-inflammatory effect of IL-6 "
        "was followed for a 5-year period. It remained high until the end of the trial."
    )
    assert document.text[document.pages[1].start :].startswith("mained high")
    for word, page in (("randomised", 1), ("mained", 2), ("trial.", 2)):
        assert document.page("text", document.text.index(word)) == page


def test_superscripts_rotated_pages_and_paragraphs() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(MARGIN, HEIGHT - 100)
        for piece, size, rise in (("About 10", 10, 0), ("3", 6, 4), (" per ml.", 10, -4)):
            text.setFont("Times-Roman", size)
            text.setRise(max(rise, 0))
            text.textOut(piece)
        canvas.drawText(text)
        write(canvas, ["A new paragraph."], y=HEIGHT - 140)
        canvas.showPage()
        canvas.rotate(90)
        write(canvas, [f"Line {n} of a landscape page." for n in range(4)], y=-100)
        canvas.showPage()

    landscape = " ".join(f"Line {n} of a landscape page." for n in range(4))
    assert text_of(draw).split("\n\n") == ["About 103 per ml.", "A new paragraph.", landscape]


def scan(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 128)), 50, 50, 480, 640)
    canvas.showPage()


def mixed(canvas: Canvas) -> None:
    write(canvas, ["The first page has words on it."])
    canvas.showPage()
    scan(canvas)
    canvas.showPage()  # blank
    write(canvas, ["So has the fourth page of this file."])
    canvas.showPage()


def test_scanned_pages_are_reported_and_blank_ones_are_not() -> None:
    document, faults = items_of(pdf(mixed))
    assert document
    assert [(page.number) for page in document.pages] == [1, 4]
    assert [(f.place, f.line) for f in faults] == [("page", 2)]
    assert "picture" in str(faults[0])
    nothing, all_faults = items_of(pdf(lambda canvas: [scan(canvas) for _ in range(3)]))  # type: ignore[arg-type,func-returns-value]
    assert nothing is None
    assert [f.line for f in all_faults] == [1, 2, 3]


def test_encrypted_file_says_so_in_one_line() -> None:
    document, faults = items_of(pdf(mixed, encrypt=StandardEncryption("secret")))
    assert document is None
    assert [str(f) for f in faults] == ["the file is encrypted: save it without its password first"]
    free, _ = items_of(pdf(mixed, encrypt=StandardEncryption("", ownerPassword="o")))
    assert free


def test_bad_page_costs_that_page() -> None:
    content = pdf(mixed, pageCompression=0)
    assert content.count(b"/Type /Page\n") == 4
    first = content.index(b"/Type /Page\n")
    broken = content[:first] + b"/Type /Xage\n" + content[first + 12 :]
    document, faults = items_of(broken)
    assert document
    assert "fourth page" in document.text
    assert {f.place for f in faults} == {"page"}


def test_truncated_file_is_one_clear_fault() -> None:
    content = pdf(mixed)
    document, faults = items_of(content[: len(content) // 2])
    assert document is None
    assert [f.place for f in faults] == ["file"]


@pytest.mark.parametrize(
    ("metadata", "line", "expected"),
    [
        ("Zinc and colds again", "Zinc and colds again", "Zinc and colds again"),
        ("Microsoft Word - draft7.doc", "Some words of the text.", ""),
        ("A title that the page does not show", "Some words of the text.", ""),
    ],
)
def test_title_is_taken_only_where_the_page_shows_it(
    metadata: str, line: str, expected: str
) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle(metadata)
        write(canvas, [line, "Published: 12 March 2019. doi:10.1234/Abc.5", "A third line of it."])

    document, _ = items_of(pdf(draw))
    assert document
    assert (document.title, document.doi, document.year) == (expected, "10.1234/abc.5", 2019)


def test_passages_know_their_pages(workspace: Workspace) -> None:
    columns = Columns(4, 20, 0, by_row=True)
    document, _ = items_of(pdf(columns))
    assert document
    passages = cut_passages(document)
    assert {passage.page for passage in passages} == {1, 2, 3, 4}
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.page == document.page("text", passage.start)
        assert passage.last_page == document.page("text", passage.end - 1)
    Path("trial.pdf").write_bytes(pdf(columns))
    Path("mixed.pdf").write_bytes(pdf(mixed))
    with Library(workspace) as library:
        report = library.add([Path()])
        assert (report.added, len(report.faults)) == (2, 1)
        hit = library.search("the fourth page of this file", top_k=1)[0]
        assert hit.article_id == "mixed.pdf"
        listed = library.listed([p.id for p in passages])
        assert [listed[p.id].passage for p in passages] == passages
        files = {Path(file.path).name: file for file in library.stats().files}
    assert (files["mixed.pdf"].kind, files["mixed.pdf"].pages, files["mixed.pdf"].faults) == (
        "PDF", 2, 1,
    )  # fmt: skip


SAMPLES = [pdf(mixed), pdf(mixed, pageCompression=0), pdf(Columns(2, 14, 0, by_row=True))]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SAMPLES), st.randoms(use_true_random=False), st.integers(0, 40))
def test_damage_never_goes_unsaid(sample: bytes, chance: random.Random, count: int) -> None:
    content = bytearray(sample)
    for _ in range(count):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        content = content[: chance.randrange(len(content))]
    document, faults = items_of(bytes(content))
    assert document or faults
    for passage in cut_passages(document) if document else ():
        assert document
        assert document.field(passage.field)[passage.start : passage.end] == passage.text
