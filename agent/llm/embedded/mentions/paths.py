"""File and folder paths, quoted or not."""

import re
from collections.abc import Iterator

from agent.llm.embedded.mentions.kinds import is_bare_folder
from agent.llm.embedded.mentions.mention import Mention
from agent.words import word_set

LONGEST = 1000
"""Characters of a path."""

EXTENSION = r"\.[A-Za-z][A-Za-z0-9]{1,9}"
QUOTED = re.compile(r"(?P<quote>[\"'`“‘«])(?P<path>[^\"'`”’»\n]{1,400})[\"'`”’»]")
QUOTED_PATH = re.compile(
    rf"^(?:~|\.{{1,2}}|[A-Za-z]:)?[\\/].*|^[^\\/]+(?:[\\/].+)?{EXTENSION}$|"
    r"^[^\\/]+(?:[\\/][^\\/]+)*[\\/]$"
)
TOKEN = re.compile(r"[^\s\"'`“”‘’«»,;<>|]+")
WITH_BLANKS = re.compile(
    r"(?<!\S)(?:~|\.{0,2}|[A-Za-z]:)[\\/](?:[\w.-]+[\\/])*[\w-]+ (?:[\w-]+ "
    rf")?[\w-]+[\\/](?:[\w.-]+[\\/])*[\w.-]+?{EXTENSION}(?!\w)"
)
ASSIGNED = re.compile(
    r"^(?:data(?:set|file)?|file|path|table|input|src|source|df|train|test|output|out|csv|"
    r"schema(?:_file)?|images?|(?:image_|test_)?folder)[:=]",
    re.I,
)
WINDOWS = re.compile(rf"^[A-Za-z]:[\\/][^\s]*{EXTENSION}$|^[A-Za-z]:\\[^\s]+$")
ROOTED = re.compile(r"^(?:~|\.{1,2})?/[\w.+~()@%-]+(?:/[\w.+~()@%-]+)*/?$")
RELATIVE = re.compile(rf"^(?:[\w+~()@%-][\w.+~()@%-]*/)*[\w+~()@%-][\w.+~()@%-]*{EXTENSION}$")
FOLDER = re.compile(r"^(?=[^/]{2})(?:[\w.+@%-]+/)+$")
PATTERN = re.compile(
    rf"^(?:(?:~|\.{{1,2}})?/)?(?:[\w.+@%*-]+/)*[\w.+@%-]*\*[\w.+@%*-]*{EXTENSION}$"
)
"""Names several files: papers/*.jsonl."""

ADDRESS = re.compile(r"^(?:https?|ftp|doi)[:.]|^www\.|@", re.I)
FILE_ENDINGS = word_set(
    ".csv .tsv .tab .txt .parquet .pq .feather .xlsx .xls .xlsm .ods .arff .smi .smiles .sdf "
    ".mol .mol2 .json .jsonl .ndjson .sav .dta .sas7bdat .xpt .rds .rda .gz .zip .bz2 .xz "
    ".pdf .xml .nbib .ris .bib .md .docx .doc .html .htm .nii .dcm .png .jpg .jpeg .tif .tiff "
    ".bmp .webp .dicom .ima .npy .npz .h5 .hdf5 .pdb .pdbqt .cif .fasta .fa .yaml .yml .toml .dat "
    ".data .db .sqlite .log .out .avro .orc"
)
"""Endings that make a bare word a file name; with a folder before it, any ending does."""


def find_paths(text: str) -> Iterator[Mention]:
    """Yields paths: quoted ones first, whatever they hold, then plain words."""
    for match in QUOTED.finditer(text):
        inner = match["path"].strip()
        if QUOTED_PATH.match(inner) and (_ending(inner) or "/" in inner or "\\" in inner):
            yield Mention(match.start(), match.end(), "path", inner)
    for match in WITH_BLANKS.finditer(text):
        if _ending(match[0]) in FILE_ENDINGS:
            yield Mention(*match.span(), "path", match[0])
    for match in TOKEN.finditer(text):
        start = match.start()
        token = match[0]
        if len(token) > LONGEST:
            continue
        if assigned := ASSIGNED.match(token):
            start += assigned.end()
            token = token[assigned.end() :]
        token, shift = (token, 0) if PATTERN.match(token) else _trim(token)
        if token and (_is_path(token) or is_bare_folder(token, text[: start + shift])):
            yield Mention(start + shift, start + shift + len(token), "path", token)


def _trim(token: str) -> tuple[str, int]:
    """Drops punctuation around a token; returns it and how many characters went in front."""
    before = len(token)
    token = token.lstrip("([{*_>-=:")
    shift = before - len(token)
    token = token.rstrip(".:!?*]}")
    while token.endswith(")") and token.count(")") > token.count("("):
        token = token[:-1].rstrip(".:!?")
    return token, shift


def _is_path(token: str) -> bool:
    if ADDRESS.search(token) or not any(character.isalpha() for character in token):
        return False
    if WINDOWS.match(token):
        return True
    if ROOTED.match(token):
        return token.startswith(("~", ".")) or token.count("/") > 1 or _ending(token) != ""
    if FOLDER.match(token):
        return "//" not in token
    if not (RELATIVE.match(token) or PATTERN.match(token)):
        return False
    return "/" in token or _ending(token) in FILE_ENDINGS


def _ending(path: str) -> str:
    found = re.search(rf"{EXTENSION}$", path)
    return found[0].casefold() if found else ""
