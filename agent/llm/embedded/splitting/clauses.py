"""Cuts a request where a new task may begin; whether one does is decided later, by its meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.splitting.cues import FOLLOW_UP

Strength = Literal["order", "mark", "sentence", "weak"]

POLITE = (
    r"(?:(?:please|pls|plz|kindly|also|separately|just|now|finally|lastly|next|can you|could "
    r"you|would you|will you|can we|could we|let['’]?s|i['’]?d like(?: you)? to|i would like"
    r"(?: you)? to|"
    r"i want(?: you)? to|we want to|you|we|i|to|maybe|perhaps|before "
    r"anything else|then|afterwards|first|firstly|ok|so|yes|hey|hi|"
    r"well|and)\s+)*"
)
VERB = (
    r"(?:(?:pre-?)?train|fit|build|run|make|create|develop|explain|interpret|describe|show|summari[sz]e|"
    r"profile|compute|calculate|predict|score|apply|use|search|"
    r"find|look|read|open|list|give|tell|get|pull|fetch|check|compare|analy[sz]e|estimate|"
    r"generate|plot|display|do|review|retrieve|characteri[sz]e|"
    r"dig|model|classify|regress|inspect|explore|forecast|simulate|dock|optimi[sz]e|design|"
    r"segment|outline|delineate|contour|synthesi[sz]e|draw|mine|extract|write|prepare|clean|impute|"
    r"deidentify|de-identify|redact|shap|lime|permutation|rank|visuali[sz]e|bring|load|print|"
    r"feed|deploy|assess|screen|report|infer|say|provide|produce|start|grab|present|learn|"
    r"(?:test|try)(?=\s+(?:it|that|this)\b)|sample(?=\s+\d)|evaluate|let|obtain|know|identify|determine|highlight)\b"
)
ASK = (
    r"(?:what|which|how|why|who|when|where|is|are|does|do|did|has|have|can|could|will|would|"
    r"should)\b"
)
TASK_NOUN = (
    r"(?:(?:an?|its|another|any(?:thing)?|some|recent|the (?:\w+\s+)?(?:best|top|latest|newest|"
    r"main))\s+(?:[\w-]+\s+){0,3}?(?:papers|articles|evidence|literature|published|trial|studie|review|classifier|segmenter|regressor|"
    r"regression|model|forest|network|card|explanation|search|overview|summary|profile|"
    r"prediction)s?\b)"
)

BY_SCORE = (
    r"(?:rank|sort|order)\s+(?:them|these|those|the \w+)\s+by\s+(?:\w+\s+){0,2}?"
    r"(?:scores?|affinity|energy)\b"
)
"""What a docking does anyway."""

ORDER_WORDS = (
    r"(?:(?:and|but|&|n|plus)\s+)?(?:then|than(?=\s+(?:"
    + VERB
    + r"))|after that|after which|after this|later(?: on)?(?=\s+(?:"
    + VERB
    + r"))|after(?=\s+(?:to\s+)?(?:"
    + VERB
    + r"))|second(?=\s+(?:"
    + VERB
    + r"))|afterwards?|subsequently|thereafter|followed by|next up|next|"
    r"finally|lastly|last(?=,)|"
    r"in the end|(?:once|when|as soon as|after) (?:(?:that|this|it|you|the (?:\w+ )?"
    r"(?:model|training|fit))(?:['’]s|['’]re|['’]ve| is| are| has| have)?(?: been)? )?"
    r"(?:all )?(?:done|ready|finished|trained|fitted|built|complete|completed|over)(?: with "
    r"(?:that|it|this))?|with (?:that|this) done|"
    r"while (?:you|we)(?:['’]re| are) at it|on top of that|in addition|additionally|furthermore|"
    r"in the meantime|"
    r"if (?:it|that|they|all|everything|the data) (?:looks?|is|are|seems?|works?) ?(?:all |"
    r"reasonably )?(?:fine|good|ok|okay|right|clean|usable|well)?,?|"
    r"as a (?:second|third|last|final|next) step|second(?:ly)?(?=,)|third(?:ly)?(?=,)|step \d+:?)"
)
CUTS: tuple[tuple[Strength, re.Pattern[str]], ...] = (
    (
        "order",
        re.compile(r"(?:^|\n)\s*(?:\(?\d{1,2}[.):]|\(?[a-h]\)|[-*•–]|step \d+[.:)]?)\s+", re.I),
    ),
    ("order", re.compile(r"(?<=[\s:;,.])(?:\(\d\)|\([a-h]\)|\d\)|[a-h]\)|\d\.)\s+(?=[A-Za-z(])")),
    (
        "order",
        re.compile(rf"(?:[\s,;.:(–—-]{{1,6}}|^)(?:{ORDER_WORDS})(?:\s*[,:]\s*|\s+(?=\S))", re.I),
    ),
    ("mark", re.compile(r"\s*(?:->|→|=>|>>|⇒)\s*")),
    ("mark", re.compile(r"\s*;\s*(?:and\s+)?")),
    ("mark", re.compile(r"\n\s*\n?")),
    ("sentence", re.compile(r"(?<=[^\s.][.?!])[)\"']?\s+(?=[A-Za-z(\"'])")),
    (
        "weak",
        re.compile(
            r"(?:\s*,\s*|\s+)(?:and|&|plus|as well as|"
            rf"but)\s+(?:also\s+)?(?!{BY_SCORE})(?={POLITE}(?:{VERB}|{ASK}|"
            rf"{TASK_NOUN}))",
            re.I,
        ),
    ),
    ("weak", re.compile(rf"\s*,\s*(?={POLITE}(?:{VERB}|(?:what|which|how|why|who)\b))", re.I)),
    (
        "weak",
        re.compile(rf"(?:\s*,\s*|\s+)(?:and|&|\+|plus|as well as|but)\s+(?={FOLLOW_UP})", re.I),
    ),
    ("weak", re.compile(rf"\s*,\s*(?:and\s+)?(?={FOLLOW_UP})", re.I)),
    ("weak", re.compile(rf",?\s+so (?:that )?(?:i|we) (?:can|could|may)\s+(?={VERB})", re.I)),
    (
        "order",
        re.compile(rf"(?:^|[.!?:]\s+)(?:first(?:ly)?|first of all),?\s+(?={POLITE}{VERB})", re.I),
    ),
    ("weak", re.compile(rf"\s*,\s*(?:and\s+)?(?={TASK_NOUN})", re.I)),
    (
        "mark",
        re.compile(
            r"(?<=things:)\s+|(?<=tasks:)\s+|(?<=steps:)\s+|(?<=jobs:)\s+|(?<=favours:)\s+", re.I
        ),
    ),
    (
        "weak",
        re.compile(r"\s+before\s+(?=(?:we|i|you)\s+\w+|(?:train|fitt|build|runn|mak)ing\b)", re.I),
    ),
)
COMMANDS = re.compile(
    rf"^\W*{POLITE}(?:{VERB}|{ASK}|{TASK_NOUN}|(?:lit(?:erature)?|pubmed)\s+(?:search|review|"
    r"on)\b)",
    re.I,
)
PARAMETER = re.compile(
    r"^\W*(?:(?:the|my|our|its|an|a|with|and|use|using)\s+)*(?:file|data|data\s?set|target|"
    r"label|outcome|time|event|seed|split|groups?|algorithm|method|model|features?|"
    r"covariates|predictors|limit|column|col|status|duration|follow[\s-]?up|indicator|endpoint|"
    r"t|e|y|x|dependent variable|test|train|output|k|n|max|only)"
    r"(?:\s+(?:columns?|cols?|variable|set|data|file|limit|name|type))?(?:\s*[:=]|['’]s\s|"
    r"\s+(?:is|are|was|column|col)\b)|^\W*[\w.]+\s*=|"
    r"^\W*(?:(?:the|my|and|with)\s+)*(?:(?:test|train(?:ing)?|image|evaluation)[\s_])?folder\s+"
    r"\S*[/_]|^\W*(?:(?:we|i)\s+)?(?:start|begin|initiali[sz]|warm[\s-]start)\w*\s+(?:it\s+)?"
    r"(?:from|with)\s+(?:model\s+)?\w+-\d",
    re.I,
)
"""Begins a clause that states an argument of the task beside it."""
DONE_BEFORE = re.compile(
    r"^\W*(?:after|having|upon|once (?:you|we)(?:['’]ve| have))\s+(?:first\s+)?"
    r"(?=\w+(?:ing|ed|t)\b)",
    re.I,
)
"""Begins a clause that says in passing what is to be done before the next one."""
DONE_LATER = re.compile(
    r"^\W*(?:before|prior to)\s+(?:(?:you|we|i)\s+(?!could|can|would)|"
    r"(?!anything|everything)(?=\w+ing\b))",
    re.I,
)
"""Begins a clause that says what is to be done after the next one."""
PRETRAINING = re.compile(
    r"^\W*(?:(?:please|first|also)\s+)*(?:learn|pre-?train|start)\w*\s[^.;]{0,40}\bun-?labell?ed\b",
    re.I,
)
"""Is part of a training: the images without a class that it begins with."""
TRAINING = re.compile(r"\b(?:re-?)?(?:train|fit|fine-?tun|build|make|create|develop)", re.I)

INTRODUCTION = re.compile(r"^[^:]{0,60}:\s*$")


@dataclass(frozen=True)
class Clause:
    """A piece of a request.

    Attributes:
        text: Its words.
        strength: How plainly the request says that something new begins here.
    """

    text: str
    strength: Strength

    @property
    def commands(self) -> bool:
        """Whether it reads like a command or a question, and not like a detail of one."""
        if PARAMETER.match(self.text):
            return False
        return (
            bool(COMMANDS.match(self.text))
            or bool(DONE_BEFORE.match(self.text))
            or self.text.endswith("?")
        )

    @property
    def states(self) -> bool:
        """Whether it only states an argument: target = relapse."""
        return bool(PARAMETER.match(self.text))


def cut_clauses(text: str, mentions: Sequence[Mention]) -> list[Clause]:
    """Cuts a request into clauses, never inside a mention.

    Args:
        text: The request.
        mentions: The typed things in it.
    """
    cuts: list[tuple[int, int, Strength]] = []
    for strength, pattern in CUTS:
        for match in pattern.finditer(text):
            span = match.span()
            is_inside = any(m.start < span[1] and span[0] < m.end for m in mentions if m.certain)
            if not is_inside and not _in_brackets(text, span[0]):
                cuts.append((*span, strength))
    clauses: list[Clause] = []
    position = 0
    set_off: Strength = "weak"
    for start, end, following in _disjoint(cuts):
        if piece := text[position:start].strip(" ,;"):
            clauses.append(Clause(piece, set_off))
            set_off = following
        elif set_off != "order":
            set_off = following
        position = end
    if piece := text[position:].strip(" ,;"):
        clauses.append(Clause(piece, set_off))
    return _in_order(_with_pretraining(clauses))


def _with_pretraining(clauses: Sequence[Clause]) -> list[Clause]:
    """Joins what is said of images without a class to the training that it belongs to."""
    joined: list[Clause] = []
    for clause in clauses:
        before = joined[-1] if joined else None
        belongs = PRETRAINING.match(clause.text) and before and TRAINING.search(before.text)
        if before and (belongs or PRETRAINING.match(before.text)):
            joined[-1] = replace(before, text=f"{before.text} and {clause.text}")
        else:
            joined.append(clause)
    return joined


def _in_order(clauses: Sequence[Clause]) -> list[Clause]:
    """Puts 'before you train …, describe …' into the order in which it is to be done."""
    ordered = list(clauses)
    for index, (clause, following) in enumerate(pairwise(clauses)):
        if DONE_LATER.match(clause.text) and following.commands:
            later = replace(clause, text=DONE_LATER.sub("", clause.text), strength="order")
            ordered[index : index + 2] = [replace(following, strength="order"), later]
    return ordered


def _in_brackets(text: str, position: int) -> bool:
    """Tells whether a position is inside round brackets that open and close on the same line."""
    line = text.rfind("\n", 0, position) + 1
    before = text[line:position]
    return before.count("(") > before.count(")") and ")" in text[position:]


def _disjoint(cuts: list[tuple[int, int, Strength]]) -> list[tuple[int, int, Strength]]:
    """Joins cuts that touch; the plainest wins."""
    rank = {"order": 0, "mark": 1, "sentence": 2, "weak": 3}
    joined: list[tuple[int, int, Strength]] = []
    for start, end, strength in sorted(cuts):
        if joined and start <= joined[-1][1]:
            first, last, other = joined[-1]
            joined[-1] = (first, max(last, end), min(strength, other, key=lambda s: rank[s]))
        else:
            joined.append((start, end, strength))
    return joined
