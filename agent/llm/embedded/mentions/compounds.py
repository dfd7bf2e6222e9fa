"""Compounds called by name (aspirin, metformin) or by a CAS registry number (50-78-2)."""

import re
from collections.abc import Iterator

from agent.llm.embedded.mentions.mention import Mention
from models.molecules.chemistry.names import compounds_in, find_compound

CAS = re.compile(r"(?<![\w.-])(\d{2,7})-(\d\d)-(\d)(?![\w-]|\.\d)")
LIKE_IT = re.compile(r"\b([A-Za-z][A-Za-z0-9]{3,})-(?:like|based|derived|type)\b", re.I)


def find_compounds(text: str) -> Iterator[Mention]:
    """Yields registry numbers, and names that the bundled table knows, longest first."""
    for match in CAS.finditer(text):
        digits = map(int, reversed(match[1] + match[2]))
        if sum(place * digit for place, digit in enumerate(digits, start=1)) % 10 == int(match[3]):
            yield Mention(match.start(), match.end(), "compound", match[0])
    for match in LIKE_IT.finditer(text):
        if find_compound(match[1]):
            yield Mention(match.start(1), match.end(1), "compound", match[1], certain=False)
    for start, end, _ in compounds_in(text):
        if text[end - 1] != "'":  # then it is a quotation
            yield Mention(start, end, "compound", text[start:end], certain=False)
