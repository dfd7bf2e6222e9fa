"""Turns a request into the numbers that the router classifies: lexical features and evidence."""

import re
from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.mentions.kinds import path_kind

BUCKETS = 8192
LONGEST = 600
"""Characters from each end of a request that the lexical features see."""

STAND_INS: dict[str, str] = {
    "path": "file.csv",
    "image": "image.png",
    "folder": "folder",
    "molecules": "molecules.sdf",
    "smiles": "SMILES molecule",
    "article": "article id",
    "model": "model",
    "compound": "compound",
}
"""What a typed thing is called before the request is embedded; datasets keep their names."""

MOLECULE_FILE = re.compile(r"\.(?:smi|smiles|sdf|mol2?)(?:\.gz)?$", re.I)

EVIDENCE: dict[str, re.Pattern[str]] = {
    "question": re.compile(r"\?\s*$"),
    "asks": re.compile(
        r"^\W*(?:is|are|does|do|did|can|could|should|which|what|why|how|who|when|in)\b", re.I
    ),
    "assignment": re.compile(r"\b[\w ]{1,20}(?:=|:\s)\s*[\w.]+"),
    "measured": re.compile(
        r"\b(?:age[d]?|bmi|grade|creatinine|nodes?|year[- ]old|yo|patient|woman|man)\b.{0,20}\d|"
        r"\d.{0,12}\b(?:year[- ]old|yo|nodes)\b",
        re.I,
    ),
    "year": re.compile(r"\b(?:19|20)\d\d\b|\b(?:decade|years?)\b", re.I),
    "row": re.compile(r"\b(?:row|patient|case|sample|record)\s*#?=?\s*\d+", re.I),
    "column": re.compile(r"\b(?:columns?|target|label|outcome|endpoint|event|time)\b", re.I),
    "number": re.compile(r"\d"),
    "terse": re.compile(r"^\W*(?:\S+\s*){1,4}$"),
}
"""Lexical evidence beside the kinds of mentions."""

KINDS = ("path", "image", "folder", "smiles", "article", "model", "compound", "dataset")
SIZE = BUCKETS + len(EVIDENCE) + len(KINDS)
EVIDENCE_WEIGHT = 0.35


def masked(text: str, mentions: Iterable[Mention]) -> str:
    """Replaces typed things by words for them, so that their letters carry no meaning."""
    for mention in sorted(mentions, reverse=True):
        kind = _kind(mention)
        if kind == "path" and MOLECULE_FILE.search(mention.value):
            kind = "molecules"
        stand_in = mention.value if kind == "dataset" else STAND_INS.get(kind)
        if stand_in and mention.certain:
            stand_in = stand_in.replace("_", " ")
            if mention.kind == "model":
                stand_in = f"model {mention.value.split('-')[0]}"
            text = text[: mention.start] + stand_in + text[mention.end :]
    return re.sub(r"\s+", " ", text).strip()


def lexical(text: str, mentions: Sequence[Mention]) -> NDArray[np.float32]:
    """Returns hashed word and character n-grams and evidence, float32 (SIZE,).

    Args:
        text: The masked request.
        mentions: What was found in the request.
    """
    if len(text) > 2 * LONGEST:
        text = f"{text[:LONGEST]} {text[-LONGEST:]}"
    row = np.zeros(SIZE, dtype=np.float32)
    for gram in set(_grams(text.casefold())):
        row[crc32(gram.encode()) % BUCKETS] += 1.0
    norm = float(np.linalg.norm(row))
    if norm:
        row /= norm
    kinds = {_kind(mention) for mention in mentions if mention.certain}
    found = [bool(pattern.search(text)) for pattern in EVIDENCE.values()]
    row[BUCKETS:] = [EVIDENCE_WEIGHT * hit for hit in (*found, *(kind in kinds for kind in KINDS))]
    return row


def _kind(mention: Mention) -> str:
    """Returns what is named; of paths, images and folders are kinds of their own."""
    if mention.kind != "path":
        return mention.kind
    found = path_kind(mention.value)
    return "path" if found == "file" else found


def _grams(text: str) -> Iterable[str]:
    words = re.findall(r"\w+", text)
    for first, second in zip(["^", *words], [*words, "$"], strict=True):
        yield f"2 {first} {second}"
    for word in words:
        yield f"1 {word}"
        padded = f"<{word}>"
        for size in (3, 4):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]
