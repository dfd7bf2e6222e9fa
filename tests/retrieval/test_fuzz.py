"""Two thousand damaged files of every format: none crashes, none is passed over in silence."""

import gzip
import io
import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from retrieval.documents.document import Document, Notice, RowFault
from retrieval.documents.passages import cut_passages
from retrieval.sources import read_file

DATA = Path(__file__).parent / "data"


def small_pdf() -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content, invariant=True, pageCompression=0)
    for page in range(3):
        for line in range(12):
            canvas.drawString(60, 700 - 14 * line, f"Line {line} of page {page + 1} on zinc.")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


RECORDS = [{"pmid": str(n), "title": f"Title {n}", "abstract": "Zinc. " * 9} for n in range(6)]
SAMPLES = {path.name: path.read_bytes() for path in sorted(DATA.glob("zinc.*"))} | {
    "a.pdf": small_pdf(),
    "a.jsonl": "".join(json.dumps(record) + "\n" for record in RECORDS).encode(),
    "a.csv": b"pmid,title,abstract\n" + b'1,"A, b","Zinc."\n2,C,Iron.\n' * 5,
    "a.md": b"# Zinc\n\nIt was given.\n\n## Results\n\nColds fell.\n",
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Bytes replaced, taken out, repeated, and the end cut off."""
    broken = bytearray(content)
    for _ in range(chance.choice([1, 3, 10, 40])):
        at, length = chance.randrange(len(broken) + 1), chance.randrange(60)
        how = chance.randrange(4)
        if how == 0:
            broken[at : at + 1] = bytes([chance.randrange(256)])
        elif how == 1 and len(broken) > length + 1:
            del broken[at : at + length]
        elif how == 2:
            broken[at:at] = broken[at : at + length]
        else:
            broken[at : at + 2] = chance.choice(
                [b"\x00", b"\xff\xfe", b"<", b"{", b"\n", b'"', b"&"]
            )
    return bytes(broken[: chance.randrange(len(broken) + 1)] if chance.random() < 0.25 else broken)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.randoms(use_true_random=False), st.booleans())
def test_every_damaged_file_is_accounted_for(
    name: str, chance: random.Random, compressed: bool
) -> None:
    content = damaged(SAMPLES[name], chance)
    if compressed:
        content = gzip.compress(content, mtime=0)
        content = damaged(content, chance) if chance.random() < 0.3 else content
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (f"{name}.gz" if compressed else name)
        path.write_bytes(content)
        items = [item for item, _ in read_file(path)]
        assert items or not content
    for item in items:
        assert isinstance(item, Document | RowFault | Notice)
        if isinstance(item, Document):
            for passage in cut_passages(item):
                assert item.field(passage.field)[passage.start : passage.end] == passage.text
            for section in item.sections:
                assert 0 <= section.start <= section.end <= len(item.field(section.field))
