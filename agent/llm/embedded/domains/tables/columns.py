"""Single columns: time, event, target, group and whatever else ends in `_column`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from agent.llm.embedded.mentions.mention import FILLER
from agent.llm.embedded.slots.names import NAME, is_name, is_odd, named
from agent.llm.embedded.slots.quoted import glue, release

CUES: dict[str, str] = {
    "time": r"(?:(?:survival|follow[\s-]?up|observation|event)[\s-]+)?(?:times?|"
    r"durations?)(?:[\s-]+to[\s-]+(?:[\w-]+\s+){0,2}?[\w-]+?)?|follow[\s-]?up|fu|tte|(?-i:T)|t",
    "event": r"(?:(?:event|censoring|status|failure|death|outcome)[\s-]+)?(?:events?|"
    r"status|indicators?|"
    r"flag)|deaths?|censoring|evt|(?-i:E)|e",
    "target": r"(?:(?:target|outcome|class|dependent|response|primary|binary|numeric|continuous|"
    r"diagnosis)[\s-]+)?(?:target|outcome|label|labels|response|endpoint|end[\s-]point|"
    r"class(?:es)?|dependent variable|variable of interest|diagnosis|tgt|dv|y|"
    r"(?:the )?(?:quantity|amount|measurement))",
    "group": r"(?:group(?:s|ed|ing)?(?:[\s-]+(?:by|on|column|variable|id))?|clusters?|"
    r"groupk?fold(?:[\s-]+on)?)",
    "smiles": r"(?:smiles|smi)",
    "protein": r"(?:(?:protein|target)[\s-]+)?(?:proteins?|targets?|sequences?|kinases?|"
    r"receptors?)",
    "affinity": r"(?:binding[\s-]+)?affinit(?:y|ies)|(?:measured )?values?",
    "value": r"(?:values?|counts?|cases|numbers?|series|quantity)",
    "date": r"(?:[a-z]+[\s-])?dates?|time[\s-]?stamps?|calendar (?:time|date)",
}
"""How people call the columns, by the argument's name without `_column`."""

LINKED_CUES: dict[str, str] = {
    "event": r"|progression|relapse|recurrence|vital status|mortality|dead|died|loss|failure|"
    r"readmission|discharge|transplant(?:ation)?|dialysis|infection|outcome",
    "time": r"|survival|time in \w+",
}
"""Further names, which count only where a column is linked to them: relapse = rel, death in dth."""
SAYS_WHETHER = re.compile(
    rf"{NAME}\s+(?:says|tells|shows|indicates|records|marks|flags|states|codes)\s+(?:us\s+)?"
    r"(?:whether|if|who|that)\b",
    re.I,
)
PLAIN = 3
"""How many of the patterns are plain statements."""

HEAD = r"(?:column|col\.?|colum|variable|var|field|feature)"
_LINK = (
    r"(?:\s*(?:=|:|->|→)\s*|\s+(?:is|are|was|being|called|named|labelled|stored in|found in|"
    r"given by|given in|in(?! (?:days|weeks|months|years)\b)|flagged by|flagged in|"
    r"coded in|coded as|recorded in|recorded as|"
    r"indicated by|marked by|held in|captured in|will be)\s+(?:the\s+)?(?:in\s+|called\s+|"
    r"named\s+)?)"
)
TIME_TO = re.compile(
    rf"\b(?:to|till|until)\s+(?:[\w-]+\s+){{0,2}}?[\w-]+\s*\(\s*(?:{HEAD}\s+)?{NAME}\s*\)", re.I
)
"""Names the event in brackets: time (t) to recurrence (rec)."""
PAIR = re.compile(rf"(?<![\w/.]){NAME}/(?P<second>[A-Za-z_]\w*)(?![\w/])")
BRACKET_PAIR = re.compile(
    r"\(\s*(?P<first>[A-Za-z_][\w.]*)\s*(?:,|;|/|and)\s*(?:(?:event|status|"
    r"indicator)\s*[=:]?\s*)?(?P<second>[A-Za-z_][\w.]*)\s*\)"
)
COLUMNS_PAIR = re.compile(
    r"\bcolumns?\s*:?\s+(?P<first>[A-Za-z_][\w.]*)\s*(?:,|and|/|&)\s*(?P<second>[A-Za-z_][\w.]*)",
    re.I,
)

TARGET_VERBS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{HEAD}(?:{_LINK}|\s+){NAME}",
        r"\b(?:predict(?:s|ing|ion of)?|estimat(?:e|es|ing)|forecast(?:s|ing)?|diagnos(?:e|es|ing)|"
        r"detect(?:s|ing)?|classify(?:ing)?|classifies|regress(?:ing)?|modell?(?:ing)?|"
        rf"recogni[sz]e|learn)\s+(?:the\s+|for\s+|on\s+)?(?:{HEAD}\s+)?{NAME}(?=\s*(?:$|"
        r"[,.;:?!()\n]|\b(?:from|in|using|with|by|on|for|as|of|and|based|given|via|pls|please|"
        r"thanks|after|within|out)\b))",
        rf"\b(?:for|of)\s+(?:the\s+)?(?:target\s+|label\s+|outcome\s+|column\s+)?{NAME}(?=\s*(?:$|"
        r"[,.;:?!)\n]|\b(?:from|in|using|with|on|out|pls|please|and|as|by)\b))",
        rf"\bis\s+{NAME}\s*(?:\([^)]*\)\s*)?(?:predictable|explained|explainable|learnable)",
        rf"\b(?:can|could|is|are|may|might|will)\s+(?:the\s+)?{NAME}\s+(?:be\s+)?(?:\w+\s+)?"
        r"(?:predicted|estimated|explained|modell?ed|forecast|inferred|told|guessed)\b",
    )
)
FORMULA = re.compile(rf"(?<![\w.]){NAME}\s*~", re.I)
"""The left side of a formula, as R writes it."""
SPOKEN_TARGET = re.compile(
    r"\b(?:for|of|predict(?:s|ing)?|classify(?:ing)?|on)\s+(?:the\s+)?(?P<bare>outcome|response|"
    r"status|diagnosis|event|death|died|class|score|group)(?=\s*(?:$|[,.;!?\n]|\b(?:from|in|"
    r"using|with|on)\b))",
    re.I,
)
"""A word of requests where it can only be the column: a classifier of response on a.csv."""
BEFOREHEAD = re.compile(rf"{NAME}\s+(?:column|field|variable)\b", re.I)
BRACKETED = re.compile(
    r"\(\s*(?!(?:days|weeks|months|years|hours|min|mm|cm|kg|[nuµpm]?g|[nuµpm]M|mmHg|bpm|%|"
    r"\w+/\w+)\s*\))"
    rf"(?:(?:{HEAD}|target|label|outcome)\s*[=:]?\s*)?{NAME}\s*\)",
    re.I,
)
WORD = re.compile(r"(?<![\w./=-])[A-Za-z_]\w*(?:\.\w+)*(?![\w/=]|\.\w)")
LONE_ITEM = re.compile(r"(?:^|[,;\n]|--)\s*(?P<item>[A-Za-z_]\w*)\s*(?=$|[,;\n.]|--)")


@dataclass
class ColumnText:
    """A request from which columns are taken one after the other.

    Attributes:
        text: The request, quoted names glued, mentions and what was already taken blanked; length
            unchanged.
        ordinary: Tells of a word whether the request uses it for something else.
    """

    text: str
    ordinary: Callable[[str], bool] = field(default=lambda _: False)

    def __post_init__(self) -> None:
        """Makes each quoted name one word."""
        self.text = glue(self.text)

    def take(
        self, pattern: re.Pattern[str], group: str | None = None, plain: bool = False
    ) -> str | None:
        """Returns and blanks the first column name that a pattern finds."""
        for match in pattern.finditer(self.text):
            name = release(match[group]) if group else named(match, plain)
            if name and FILLER not in name and not self.ordinary(name):
                self.blank(*match.span())
                return name
        return None

    def blank(self, start: int, end: int) -> None:
        """Hides what was taken from the patterns that come after."""
        self.text = self.text[:start] + FILLER * (end - start) + self.text[end:]


def find_pair(text: ColumnText) -> tuple[str, str] | None:
    """Returns follow-up time and event named as a pair: os_months/os_event, (t, e)."""
    for pattern in (BRACKET_PAIR, COLUMNS_PAIR, PAIR):
        for match in pattern.finditer(text.text):
            first = release(match.groupdict().get("first") or "") or named(match)
            second = release(match["second"]).rstrip(".")
            beside_data = text.text[: match.start()].rstrip().endswith(FILLER)
            if (
                first
                and (
                    is_odd(first)
                    or is_odd(second)
                    or beside_data
                    or (pattern is COLUMNS_PAIR and is_name(first) and is_name(second))
                )
                and FILLER not in match[0]
            ):
                text.blank(*match.span())
                return first, second
    return None


def find_column(text: ColumnText, stem: str, plain_only: bool = False) -> str | None:
    """Returns the column that a request names for an argument.

    Args:
        text: The request; what is found is blanked in it.
        stem: The argument's name without `_column`.
        plain_only: Only plain statements count (time column X, time = X), for datasets that know
            their own.
    """
    if stem == "event" and (name := text.take(SAYS_WHETHER) or text.take(TIME_TO)):
        return name
    patterns = _patterns(stem)
    found = (text.take(pattern, plain=True) for pattern in patterns[:PLAIN])
    if name := next(filter(None, found), None):
        return name
    if plain_only:
        return None
    return next(filter(None, (text.take(pattern) for pattern in patterns[PLAIN:])), None)


@lru_cache(maxsize=64)
def _patterns(stem: str) -> tuple[re.Pattern[str], ...]:
    linked = LINKED_CUES.get(stem, "")
    cue = CUES.get(stem, re.escape(stem).replace("_", r"[\s_-]?"))
    return tuple(
        re.compile(pattern, re.I)
        for pattern in (
            rf"(?<![\w-])(?:{cue})[\s_-]{HEAD}(?:{_LINK}|\s+){NAME}",
            rf"(?<![\w-])(?:{cue}{linked})(?:\s+in\s+(?:days|weeks|months|"
            rf"years))?{_LINK}(?:the\s+)?(?:{HEAD}\s+)?{NAME}",
            rf"(?<![\w-])(?:{cue})\s+{NAME}(?=\s*(?:$|[,;.)\n]))",
            rf"{NAME}\s+(?:(?:as|is|=|for|being|gives|holds|marks|means|records|contains|says)\s+"
            rf"(?:the\s+|a\s+|an\s+|my\s+)?|the\s+)(?:{cue})(?!\w)(?!\s*{_LINK})",
            rf"{NAME}\s+\((?:the\s+)?(?:{cue})\)",
            rf"(?<![\w-])(?:{cue})\s*\(\s*(?:{HEAD}\s+)?{NAME}",
            rf"(?<![\w-])(?:{cue})\s+{NAME}(?!\s*(?:split|limit|model|analysis|of|to)\b)",
            rf"(?<![\w-])(?:{cue})\s+in\s+{NAME}",
        )
    )


def find_target(text: ColumnText, explicit_only: bool) -> str | None:
    """Returns what is to be predicted, from the surest sign of it to the weakest.

    Args:
        text: The request; what is found is blanked in it.
        explicit_only: The dataset knows its own target, so only plain statements count.
    """
    found = find_column(text, "target")
    if found or explicit_only:
        return found or text.take(TARGET_VERBS[0])
    if found := text.take(FORMULA):
        return found
    heads, verbs, *others = TARGET_VERBS
    for pattern in (heads, BRACKETED, verbs, BEFOREHEAD, *others):
        if found := text.take(pattern):
            return found
    if found := text.take(SPOKEN_TARGET, "bare"):
        return found
    return _odd_word(text) or text.take(LONE_ITEM, "item")


def _odd_word(text: ColumnText) -> str | None:
    """Returns the only word that is spelt like a column, or that is quoted and several words."""
    words = WORD.finditer(text.text)
    odd = [match for match in words if is_odd(match[0]) or release(match[0]) != match[0]]
    odd = [match for match in odd if not text.ordinary(match[0])]
    if len({match[0] for match in odd}) == 1:
        text.blank(*odd[0].span())
        return release(odd[0][0])
    return None
