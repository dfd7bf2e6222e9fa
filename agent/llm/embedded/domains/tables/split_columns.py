"""Columns by which rows are split: those that belong together, and those that tell when."""

import re

from agent.llm.embedded.domains.tables.columns import HEAD, ColumnText
from agent.llm.embedded.slots.names import NAME, is_odd, named

KEPT_TOGETHER = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:keep|keeping|hold|leave)\b[^.;\n]{0,60}?\b(?:together|on (?:the same|one) side|in "
        r"one (?:fold|split))\b[^.;\n]{0,25}?(?:\b(?:via|by|using|with|on|through|per|"
        rf"{HEAD})\b\s*|[(:=]\s*)+(?:the\s+)?(?:{HEAD}\s+)?(?:{HEAD}\s+)?{NAME}",
        r"\b(?:group(?:ed)?|cluster(?:ed)?)?[\s-]*(?:split(?:ting)?|hold(?:ing)?[\s-]?out|held "
        r"out|cross-validated?)\s+(?:grouped\s+|the "
        rf"data\s+)?(?:by|on|per)\s+(?:the\s+)?(?:group(?:s)?\s+)?(?:{HEAD}\s+)?(?:\w+\s*[:(=]\s*)?{NAME}",
        rf"\b(?:group(?:s|ed|ing)?)(?:[\s-]+(?:{HEAD}|id))?(?:\s*[=:]\s*|\s+(?:by|on|is|are|"
        rf"per)\s+)(?:the\s+)?(?:{HEAD}\s+)?{NAME}",
        r"\b(?:hold(?:ing)?[\s-]?out|keep(?:ing)?(?: apart)?|separate|split)\s+(?:whole\s+)?(?:"
        r"patients|subjects|people|hospitals|cent(?:re|er)s|sites|donors)\s+by\s+(?:the\s+)?"
        rf"(?:{HEAD}\s+)?{NAME}",
        rf"\bgroup[\s-]*k?[\s-]*fold(?:\s+cv)?\s+(?:on|by|over|with|using)?\s*{NAME}",
        r"\bgroup(?:ed)?[\s-]+(?:random\s+)?(?:split|splitting|cv|"
        r"cross-validation)\b[^.;\n]{0,20}?(?:\b(?:via|by|using|with|on|over|per)\s+|"
        rf"[(:=]\s*)(?:the\s+)?(?:{HEAD}\s+)?{NAME}",
        r"\b(?:never|don['’]?t|do not|without|not)\s+(?:to\s+)?split(?:ting)?\s+(?:a\s+|an\s+|"
        rf"any\s+|the\s+|one\s+|up\s+)*{NAME}",
        r"\b(?:keep|keeping)\s+(?:the\s+|each\s+|every\s+|all\s+)?(?:the\s+)?(?:\w+\s+(?:of|"
        rf"from|with|for)\s+)?(?:the same\s+|a\s+|one\s+)?{NAME}\s+(?:groups\s+)?together",
        r"\b(?:hold(?:ing)?[\s-]?out|leave[\s-]out|split|splitting|separate)\s+(?:whole\s+|"
        rf"entire\s+)?(?:by|per|on)?\s*(?:the\s+)?[\w-]+\s*\(\s*(?:{HEAD}\s+)?{NAME}\s*\)",
        r"\b(?:no|never (?:the|an?)|not (?:the|an?))\s+(?:same\s+|one\s+|"
        rf"single\s+)?\w+\s+[^.;()\n]{{0,40}}\bboth\b[^.;()\n]{{0,40}}\(\s*(?:{HEAD}\s+)?{NAME}\s*"
        r"\)",
        r"\b(?:patients?|subjects?|cases|groups)(?:\s+ids?)?\s+(?:are\s+|is\s+)?(?:in|from)\s+(?:the\s+)?"
        rf"column\s+{NAME}",
        rf"\bkeep(?:ing)?\s+[^.;()\n]{{0,30}}\(\s*(?:{HEAD}\s+)?{NAME}\s*\)\s*together",
        r"\b(?:same|one)\s+(?P<person>patient|subject|person|hospital|family|centre|center|site|"
        r"household|animal|donor)\b(?=[^.;\n]{0,40}\b(?:same side|both sides|together|one side))",
    )
)
"""Ways to say that rows belong together in a split."""
UNGROUPED = {"time", "date", "chance", "random"}
DATE_LIKE = re.compile(
    r"(?:^|[_ ])(?:dates?|datetime|dt|years?|yr|timestamp)(?:[_ ]|$)|date$", re.I
)
"""A name that tells when something was: visit_date, year_of_admission."""
BY_DATE = re.compile(
    rf"\b(?:by|on|along|over|per|using|via|column|order of|sorted by|according to)\s+(?:the\s+)?"
    rf"(?:{HEAD}\s+)?{NAME}",
    re.I,
)


def find_date(text: ColumnText) -> str | None:
    """Returns the column that orders the rows in time: split in time by visit_date."""
    for match in BY_DATE.finditer(text.text):
        name = named(match)
        if name and DATE_LIKE.search(name) and (match["quoted"] or is_odd(name)):
            text.blank(*match.span())
            return name
    return None


def find_group(text: ColumnText) -> str | None:
    """Returns the column whose rows stay on one side of a split."""
    for pattern in KEPT_TOGETHER:
        for match in pattern.finditer(text.text):
            groups = match.groupdict()
            name = groups.get("person") or (named(match) if "bare" in groups else None)
            if name and name.casefold() not in UNGROUPED and not DATE_LIKE.search(name):
                text.blank(*match.span())
                return name
    return None
