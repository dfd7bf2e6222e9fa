"""The files and the limit of a mining request: read, schema and written, and how many at most."""

import re
from collections.abc import Sequence

from agent.llm.embedded.mentions import Mention

SCHEMA = re.compile(r"\.json$", re.IGNORECASE)
SCHEMA_CUE = re.compile(r"\b(?:schema|template)(?:[\s_]?file)?\s*(?:[=:]|is|from|in)?\s*$", re.I)
TABLE = re.compile(r"\.(?:csv|jsonl|ndjson|parquet|pq)$", re.IGNORECASE)
OUTPUT_CUE = re.compile(
    r"(?:\b(?:into|to|as|output(?:[\s_]file)?|called|named)\s*[=:]?|->|=>|→|>)\s*(?:a\s+(?:new\s+)?"
    r"(?:csv|parquet|jsonl|file|table)\s+(?:file\s+)?(?:called\s+|named\s+)?)?[\"'“‘]?$",
    re.IGNORECASE,
)
OUTPUT_AFTER = re.compile(r"[\"'”’]?\s+(?:as|for)\s+(?:the\s+)?output\b", re.IGNORECASE)
LIMIT = re.compile(
    r"\b(?:first|limit(?:ed)?(?:\s+(?:it|this))?(?:\s+to)?|at most|no more than|up to|only|just|"
    r"max(?:imum)?(?:\s+of)?|a sample of|test (?:it )?(?:on|with)|stop after)\s*[=:]?\s*(?:the\s+"
    r"(?:first\s+)?)?(\d{1,3}(?:,\d{3})+|\d{1,7})\b(?!\s*%)|"
    r"\b(\d{1,3}(?:,\d{3})+|\d{1,7})\s+(?:(?:abstracts|articles|papers|documents|records|studies|"
    r"trials)\s+)?(?:only|at most|max(?:imum)?|will do|are enough|is enough)\b",
    re.IGNORECASE,
)


def find_mining_paths(
    text: str, paths: Sequence[Mention], outputs: Sequence[Mention]
) -> dict[str, str]:
    """Sorts the paths of a request: `source`, `schema_file` and `output`, as far as they are named.

    Args:
        text: The request.
        paths: The paths in it, in order.
        outputs: Those of them that words of saving stand before.
    """
    found: dict[str, str] = {}
    rest = sorted({*paths, *outputs})
    for mention in rest:
        if SCHEMA.search(mention.value) or SCHEMA_CUE.search(text[: mention.start]):
            found.setdefault("schema_file", mention.value)
    rest = [mention for mention in rest if mention.value != found.get("schema_file")]
    for mention in rest:
        saved = (
            mention in outputs
            or OUTPUT_CUE.search(text[: mention.start])
            or OUTPUT_AFTER.match(text[mention.end :])
        )
        if saved and TABLE.search(mention.value) and "output" not in found:
            found["output"] = mention.value
    for mention in rest:
        if mention.value != found.get("output"):
            found.setdefault("source", mention.value)
    return found


def find_limit(text: str) -> int | None:
    """Returns how many documents are to be mined at most; the size of the source is no limit."""
    found = LIMIT.search(text)
    return int((found[1] or found[2]).replace(",", "")) if found else None
