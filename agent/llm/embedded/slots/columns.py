"""Single columns: time, event, target, group and whatever else ends in `_column`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from agent.llm.embedded.mentions.mention import FILLER
from agent.llm.embedded.slots.names import NAME, is_odd, named

CUES: dict[str, str] = {
    "time": r"(?:(?:survival|follow[\s-]?up|observation|event)[\s-]+)?(?:times?|"
    r"durations?)(?:[\s-]+to[\s-]+(?:[\w-]+\s+){0,2}?[\w-]+?)?|follow[\s-]?up|fu|tte|(?-i:T)|t",
    "event": r"(?:(?:event|censoring|status|failure|death|outcome)[\s-]+)?(?:events?|"
    r"status|indicators?|"
    r"flag)|deaths?|censoring|evt|(?-i:E)|e",
    "target": r"(?:(?:target|outcome|class|dependent|response|primary|binary|numeric|continuous|"
    r"diagnosis)[\s-]+)?(?:target|outcome|label|labels|response|endpoint|end[\s-]point|"
    r"class(?:es)?|dependent variable|variable of interest|diagnosis|y)",
    "group": r"(?:group(?:s|ed|ing)?(?:[\s-]+(?:by|on|column|variable|id))?|clusters?|"
    r"groupk?fold(?:[\s-]+on)?)",
    "smiles": r"(?:smiles|smi)",
    "value": r"(?:values?|counts?|cases|numbers?|series|quantity)",
    "date": r"(?:[a-z]+[\s-])?dates?|time[\s-]?stamps?|calendar (?:time|date)",
}
"""How people call the columns, by the argument's name without `_column`."""

LINKED_CUES: dict[str, str] = {
    "event": r"|progression|relapse|recurrence|vital status|mortality|dead|died|loss",
    "time": r"|survival|time in \w+",
}
"""Further names, which count only where a column is linked to them: relapse = rel, death in dth."""
PLAIN = 3
"""How many of the patterns are plain statements."""

_HEAD = r"(?:column|col\.?|colum|variable|var|field|feature)"
_LINK = (
    r"(?:\s*(?:=|:|->|→)\s*|\s+(?:is|are|was|being|called|named|labelled|stored in|found in|"
    r"given by|given in|in|flagged by|flagged in|coded in|coded as|recorded in|recorded as|"
    r"indicated by|marked by|held in|captured in|will be)\s+(?:the\s+)?(?:in\s+|called\s+|"
    r"named\s+)?)"
)
KEPT_TOGETHER = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:keep|keeping|hold|leave)\b[^.;\n]{0,60}?\b(?:together|on (?:the same|one) side|in "
        r"one (?:fold|split))\b[^.;\n]{0,25}?(?:\b(?:via|by|using|with|on|through|per|"
        rf"{_HEAD})\b\s*|[(:=]\s*)+(?:the\s+)?(?:{_HEAD}\s+)?(?:{_HEAD}\s+)?{NAME}",
        r"\b(?:group(?:ed)?|cluster(?:ed)?)?[\s-]*split(?:ting)?\s+(?:grouped\s+|the "
        rf"data\s+)?(?:by|on|per)\s+(?:the\s+)?(?:group(?:s)?\s+)?(?:{_HEAD}\s+)?{NAME}",
        rf"\b(?:group(?:s|ed|ing)?)(?:[\s-]+(?:{_HEAD}|id))?(?:\s*[=:]\s*|\s+(?:by|on|is|are|"
        rf"per)\s+)(?:the\s+)?(?:{_HEAD}\s+)?{NAME}",
        rf"\bgroup[\s-]*k?[\s-]*fold(?:\s+cv)?\s+(?:on|by|over|with|using)?\s*{NAME}",
        r"\bgroup(?:ed)?[\s-]+(?:random\s+)?(?:split|splitting|cv|"
        r"cross-validation)\b[^.;\n]{0,20}?(?:\b(?:via|by|using|with|on|over|per)\s+|"
        rf"[(:=]\s*)(?:the\s+)?(?:{_HEAD}\s+)?{NAME}",
        r"\b(?:never|don['’]?t|do not|without|not)\s+(?:to\s+)?split(?:ting)?\s+(?:a\s+|an\s+|"
        rf"any\s+|the\s+|one\s+|up\s+)*{NAME}",
        r"\b(?:keep|keeping)\s+(?:the\s+|each\s+|every\s+|all\s+)?(?:rows?\s+(?:of|from|"
        rf"with)\s+)?(?:the same\s+|a\s+|one\s+)?{NAME}\s+(?:groups\s+)?together",
        r"\b(?:hold(?:ing)?[\s-]?out|leave[\s-]out|split|splitting|separate)\s+(?:whole\s+|"
        rf"entire\s+)?(?:by|per|on)?\s*(?:the\s+)?[\w-]+\s*\(\s*(?:{_HEAD}\s+)?{NAME}\s*\)",
        r"\b(?:no|never (?:the|an?)|not (?:the|an?))\s+(?:same\s+|one\s+|"
        rf"single\s+)?\w+\s+[^.;()\n]{{0,40}}\bboth\b[^.;()\n]{{0,40}}\(\s*(?:{_HEAD}\s+)?{NAME}\s*"
        r"\)",
        r"\b(?:same|one)\s+(?P<person>patient|subject|person|hospital|family|centre|center|site|"
        r"household|animal|donor)\b(?=[^.;\n]{0,40}\b(?:same side|both sides|together|one side))",
    )
)
"""Ways to say that rows belong together in a split."""
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
        rf"\b{_HEAD}(?:{_LINK}|\s+){NAME}",
        r"\b(?:predict(?:s|ing|ion of)?|estimat(?:e|es|ing)|forecast(?:s|ing)?|diagnos(?:e|es|ing)|"
        r"detect(?:s|ing)?|classify(?:ing)?|classifies|regress(?:ing)?|modell?(?:ing)?|"
        rf"recogni[sz]e|learn)\s+(?:the\s+|for\s+|on\s+)?(?:{_HEAD}\s+)?{NAME}(?=\s*(?:$|"
        r"[,.;:?!()\n]|\b(?:from|in|using|with|by|on|for|as|of|and|based|given|via|pls|please|"
        r"thanks|after|within|out)\b))",
        rf"\b(?:for|of)\s+(?:the\s+)?(?:target\s+|label\s+|outcome\s+|column\s+)?{NAME}(?=\s*(?:$|"
        r"[,.;:?!)\n]|\b(?:from|in|using|with|on|out|pls|please|and|as|by)\b))",
        rf"\bis\s+{NAME}\s*(?:\([^)]*\)\s*)?(?:predictable|explained|explainable|learnable)",
    )
)
BEFORE_HEAD = re.compile(rf"{NAME}\s+(?:column|field|variable)\b", re.I)
BRACKETED = re.compile(rf"\(\s*(?:(?:{_HEAD}|target|label|outcome)\s*[=:]?\s*)?{NAME}\s*\)", re.I)
WORD = re.compile(r"(?<![\w./=-])[A-Za-z_]\w*(?:\.\w+)*(?![\w/=]|\.\w)")
LONE_ITEM = re.compile(r"(?:^|[,;\n]|--)\s*(?P<item>[A-Za-z_]\w*)\s*(?=$|[,;\n.]|--)")


@dataclass
class ColumnText:
    """A request from which columns are taken one after the other.

    Attributes:
        text: The request, mentions and what was already taken blanked, length unchanged.
        ordinary: Tells of a word whether the request uses it for something else.
    """

    text: str
    ordinary: Callable[[str], bool] = field(default=lambda _: False)

    def take(
        self, pattern: re.Pattern[str], group: str | None = None, plain: bool = False
    ) -> str | None:
        """Returns and blanks the first column name that a pattern finds."""
        for match in pattern.finditer(self.text):
            name = match[group] if group else named(match, plain)
            if name and FILLER not in name and not self.ordinary(name):
                self.blank(*match.span())
                return name
        return None

    def blank(self, start: int, end: int) -> None:
        """Hides what was taken from the patterns that come after."""
        self.text = self.text[:start] + FILLER * (end - start) + self.text[end:]


def find_group(text: ColumnText) -> str | None:
    """Returns the column whose rows stay on one side of a split."""
    for pattern in KEPT_TOGETHER:
        for match in pattern.finditer(text.text):
            groups = match.groupdict()
            name = groups.get("person") or (named(match) if "bare" in groups else None)
            if name and name.casefold() not in {"time", "date", "chance", "random"}:
                text.blank(*match.span())
                return name
    return None


def find_pair(text: ColumnText) -> tuple[str, str] | None:
    """Returns follow-up time and event named as a pair: os_months/os_event, (t, e)."""
    for pattern in (BRACKET_PAIR, COLUMNS_PAIR, PAIR):
        for match in pattern.finditer(text.text):
            first = match.groupdict().get("first") or named(match)
            second = match["second"]
            beside_data = text.text[: match.start()].rstrip().endswith(FILLER)
            if (
                first
                and (is_odd(first) or is_odd(second) or beside_data)
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
            rf"(?<![\w-])(?:{cue})[\s_-]{_HEAD}(?:{_LINK}|\s+){NAME}",
            rf"(?<![\w-])(?:{cue}{linked})(?:\s+in\s+(?:days|weeks|months|"
            rf"years))?{_LINK}(?:the\s+)?(?:{_HEAD}\s+)?{NAME}",
            rf"(?<![\w-])(?:{cue})\s+{NAME}(?=\s*(?:$|[,;.)\n]))",
            rf"{NAME}\s+(?:as|is|=|for)\s+(?:the\s+|a\s+|an\s+|"
            rf"my\s+)?(?:{cue})(?!\w)(?!\s*{_LINK})",
            rf"{NAME}\s+\((?:the\s+)?(?:{cue})\)",
            rf"(?<![\w-])(?:{cue})\s*\(\s*(?:{_HEAD}\s+)?{NAME}",
            rf"(?<![\w-])(?:{cue})\s+{NAME}(?!\s*(?:split|limit|model|analysis|of|to)\b)",
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
    heads, verbs, *others = TARGET_VERBS
    for pattern in (heads, BRACKETED, verbs, BEFORE_HEAD, *others):
        if found := text.take(pattern):
            return found
    return _odd_word(text) or text.take(LONE_ITEM, "item")


def _odd_word(text: ColumnText) -> str | None:
    """Returns the only word that is spelt like a column."""
    odd = [match for match in WORD.finditer(text.text) if is_odd(match[0])]
    odd = [match for match in odd if not text.ordinary(match[0])]
    if len({match[0] for match in odd}) == 1:
        text.blank(*odd[0].span())
        return odd[0][0]
    return None
