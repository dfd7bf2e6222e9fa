"""What a sentence of an abstract says of an effect: none, some, how sure; read by its wording.

The word lists are of the language of results sections; what each is worth is learnt.
"""

import re
from dataclasses import dataclass

NO_EFFECT = re.compile(
    r"""
    \bnot?\s+(?:\w+[\s,-]+){0,4}?(?:differen|associat|correlat|relat|effect|influenc|impact|chang
      |benefit|improv|increas|decreas|reduc|predict|significan|evidence|advantage|link|interact
      |alter|affect|trend|relationship|gain|contribut|detect|explain|support|vary|higher|lower
      |greater|better|worse|more|less|statistical|such|clear|apparent|further|other|additional)\w*
    | \b(?:did|does|do|was|were|is|are|could)\s+not\b | \bcannot\b | \bfail(?:ed|s)?\s+to\b
    | \bn(?:either|or)\b | \bnone\s+of\b | \bnon-?significan\w+ | \binsignificant
    | \bun(?:changed|affected|related)\b | \black\s+of\b | \b(?:ir)?regardless\b | \birrespective\b
    | \bsimilar(?:ly)?\b | \bcomparable\b | \bidentical\b | \bequivalent\b | \bequal(?:ly)?\b
    | \bthe\s+same\b | \bindependent\s+of\b | \bdisappear | \bno\s+longer\b | \bpoor\b
    | \bonly\s+(?:a\s+)?(?:weak|small|slight|minor|modest)
    | \bshould\s+(?:\w+\s+)?not\b
    | \bnot\s+(?:\w+\s+)?(?:proven|shown|established|recommended|justified|necessary)\b
    | \b(?:poor|weak|low)(?:ly)?\s+(?:correlat|agreement|associat|predict)
    """,
    re.IGNORECASE | re.VERBOSE,
)
EFFECT = re.compile(
    r"""
    \b(?<!not\s)(?<!no\s)(?:statistically\s|highly\s|strongly\s)?significant(?:ly)?\b
    | \bindependent(?:ly)?\s+(?:\w+\s+)?(?:predict|associat|risk|factor|correlat)
    | \b(?:was|were|is|are)\s+(?:\w+\s+){0,2}(?:associated|correlated|related|predictive)\b
    | \bcorrelat(?:ed|es|ion)\b | \bpredict(?:ed|ors?|s)\b | \bassociated\s+with\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
NOT_SIGNIFICANT = re.compile(r"\bnot?\s+(?:\w+\s+){0,2}significan", re.IGNORECASE)
FAVOURABLE = re.compile(
    r"\b(?:safe|effective|feasible|success\w*|well tolerated|accurate\w*|reliab\w+|valid|useful"
    r"|beneficial|excellent|good|satisf\w+|possible|efficacious"
    r"|no (?:\w+ ){0,2}(?:complications?|deaths?|mortality|adverse|recurrence\w*|morbidity))\b",
    re.IGNORECASE,
)
UNFAVOURABLE = re.compile(
    r"\b(?:complication\w*|fail\w*|unsatisf\w+|inadequate|insufficient\w*|poor\w*|unreliab\w+"
    r"|inaccura\w+|(?:under|over)estimat\w+|lack\w*|missed|only \d+|unable|rare(?:ly)?|few"
    r"|unnecessary|low)\b",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"\b(?:may|might|could|possibl[ey]|potential(?:ly)?|suggest\w*|appear\w*|seem\w*|limited"
    r"|limitation\w*|uncertain\w*|unclear|inconclusive|mixed|inconsistent|trend|tend\w*"
    r"|preliminary|small(?: sample)?|partial(?:ly)?|moderate(?:ly)?|slight(?:ly)?|weak(?:ly)?"
    r"|borderline)\b",
    re.IGNORECASE,
)
CONTRAST = re.compile(
    r"\b(?:but|however|although|though|whereas|while|nevertheless|despite|only|except|conversely"
    r"|in contrast)\b",
    re.IGNORECASE,
)
AIM = re.compile(
    r"\b(?:aim(?:s|ed)?|objectives?|purpose|goals?|hypothesi[sz]e\w*|sought|set out|whether"
    r"|unclear|unknown|controversial|little is known|to (?:determine|investigate|evaluate|assess"
    r"|examine|explore|compare|test|study|analy[sz]e|identify|clarify|describe))\b|\?$",
    re.IGNORECASE,
)
P_VALUE = re.compile(
    r"\bp\s*(?:-?\s*values?)?\s*(?:of|was|were)?\s*"
    r"(?P<sign>[<>=≤≥]|&lt;|&gt;|less than|greater than)?\s*(?P<p>0?[.·]\d+|[01](?:\.0+)?)\b",
    re.IGNORECASE,
)
INTERVAL = re.compile(
    r"(?:\bCI\b|confidence interval)\D{0,20}?(\d+[.·]\d+)\s*(?:-|–|—|to|,|;)\s*(\d+[.·]\d+)",
    re.IGNORECASE,
)
BELOW = frozenset({"<", "≤", "&lt;", "less than"})
ABOVE = frozenset({">", "≥", "&gt;", "greater than"})


@dataclass(frozen=True)
class Cues:
    """What the wording of one sentence says.

    Attributes:
        finds: It states an effect, difference or association.
        denies: It states that there is none.
        p_low, p_high: It has a p-value or confidence interval that is significant, or is not.
    """

    finds: bool
    denies: bool
    p_low: bool
    p_high: bool
    favourable: bool
    unfavourable: bool
    hedges: bool
    contrasts: bool
    aims: bool


def read_cues(sentence: str) -> Cues:
    """Returns what a sentence's wording says of an effect."""
    low, high = _tested(sentence)
    said = len(EFFECT.findall(sentence)) > len(NOT_SIGNIFICANT.findall(sentence))
    none = bool(NO_EFFECT.search(sentence))
    return Cues(
        finds=(low or said) and not none,
        denies=(none or high) and not low,
        p_low=low,
        p_high=high,
        favourable=bool(FAVOURABLE.search(sentence)),
        unfavourable=bool(UNFAVOURABLE.search(sentence)),
        hedges=bool(HEDGE.search(sentence)),
        contrasts=bool(CONTRAST.search(sentence)),
        aims=bool(AIM.search(sentence)),
    )


def _tested(sentence: str) -> tuple[bool, bool]:
    """Tells whether a sentence has a significant test, and whether one that is not."""
    low = high = False
    for found in P_VALUE.finditer(sentence):
        value, sign = _number(found["p"]), (found["sign"] or "=").lower()
        if sign in ABOVE:
            high |= value >= 0.04
        elif sign in BELOW:
            low |= value <= 0.05
            high |= value > 0.1
        else:
            low |= value < 0.05
            high |= value >= 0.05
    for ends in INTERVAL.findall(sentence):
        start, end = map(_number, ends)
        # Of a ratio: wider ones are of something else, such as ages.
        low |= 0 < start < end < 15 and not start < 1 < end
        high |= start < 1 < end < 15
    return low, high


def _number(text: str) -> float:
    return float(text.replace("·", "."))
