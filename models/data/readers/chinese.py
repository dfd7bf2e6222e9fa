"""Chinese text in its older encodings, told by which characters it would hold.

A column name or two is too little for statistics of letters. But GB 2312 and Big5 keep the common
characters together (lead bytes B0-D7, and A4-C6), and Chinese characters follow one another, which
accented letters of other languages hardly do.
"""

import re

RUN = re.compile(rb"[\x80-\xff]+")
BIG5 = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]|[\x80-\xff]")
BIG5_RUN = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\xa1-\xfe]){2,}")
GB_COMMON = frozenset(range(0xB0, 0xD8)) | frozenset(range(0xA1, 0xA4))  # signs, too
BIG5_COMMON = frozenset(range(0xA4, 0xC7)) | {0xA1}
LEAST_CHARACTERS = 4
MOSTLY = 0.85


def chinese_encoding(sample: bytes) -> str | None:
    """Returns gb18030 or big5 where bytes are Chinese text in it, else None."""
    runs = RUN.findall(sample)
    if runs and all(len(run) % 2 == 0 for run in runs[:-1]):  # the last may be cut
        pairs = [run[at : at + 2] for run in runs for at in range(0, len(run) - 1, 2)]
        if _common(pairs, GB_COMMON) and all(pair[1] >= 0xA1 for pair in pairs):
            return "gb18030"
    found = BIG5.findall(sample)
    pairs = [pair for pair in found if len(pair) == 2]
    together = sum(len(run) for run in BIG5_RUN.findall(sample))
    whole = len(found) - len(pairs) <= 1 and together >= len(pairs)  # half of them, in bytes
    return "big5" if whole and _common(pairs, BIG5_COMMON) else None


def _common(pairs: list[bytes], leads: frozenset[int]) -> bool:
    common = sum(pair[0] in leads for pair in pairs)
    return len(pairs) >= LEAST_CHARACTERS and common >= MOSTLY * len(pairs)
