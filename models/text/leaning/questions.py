"""Questions that yes or no answers, and what they ask for."""

import re

AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|should|shall|will|would|may|might|must"
    r"|isn['’]t|aren['’]t|doesn['’]t|don['’]t|didn['’]t|can['’]t)"
)
OPENS = re.compile(rf"^\W*(?:(?:and|so|then|but|ok|hi|hello)\W+)*{AUXILIARY}\s+\S", re.IGNORECASE)
ASKS_WHAT = re.compile(
    r"(?:^|[:.;?!–—]\s*)\W*(?:(?:so|and|please|then|but)\s+)*"
    r"(?:(?:for|in|to|with|of|from|at|by|on)\s+)?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b",
    re.IGNORECASE,
)
ASKS_US = re.compile(
    r"\b(?:can|could|would|will|do|did)\s+(?:you|i)\b|\bthe library\b"
    r"|\b(?:is|are)\s+there\s+(?:any\s+|good\s+|some\s+)*(?:studies|papers|articles|trials"
    r"|literature|data|reports?|reviews?|publications?)\s+(?:on|about|of|for)\b",
    re.IGNORECASE,
)
LATE_WHAT = re.compile(
    r"^\W*(?:in|for|among|of|with)\b[^,?]{1,80},\s*(?:what|which|who|when|where|why|how)\b",
    re.IGNORECASE,
)
CHOICE = re.compile(r"\b(?:better|more|less|worse)\b[^?]*\bor\b(?!\s*not\b)", re.IGNORECASE)
"""Leaves a choice that yes does not make."""

KINDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "sameness": r"\b(?:similar|comparable|equivalent|equal\w*|same|as (?:\w+ )?as|agree\w*"
        r"|interchangeable|substitut\w+|replace\w*|alternative|omit\w*|abandon\w*|reliab\w+"
        r"|valid\w*|still|safe\w*|without|unnecessary|instead)\b",
        "need": r"\b(?:necessary|need\w*|require\w*|justif\w+|mandatory|warrant\w*|indicated"
        r"|essential|routine\w*|should|worthwhile|worth|always|all patients)\b",
        "use": r"\b(?:safe\w*|feasib\w+|effective\w*|efficac\w+|possible|useful\w*|reliable"
        r"|accurate|appropriate|adequate|suitable|acceptable|valuable|practical|tolerat\w+|work)\b",
        "doubt": r"\b(?:really|always|all|enough|adequate|ideal|myth|know|aware|correctly|meet"
        r"|rely|same|only|routine)\b",
        "prospect": r"\b(?:a new|novel|role|useful|feasible|exist|possible|there a place|help"
        r"|difference)\b",
        "there is": r"\b(?:is|are) there\b",
        "can": r"^\W*(?:can|could)\b|[:.]\s*can\b",
        "does": r"^\W*(?:do|does|did)\b|[:.?]\s*(?:do|does|did)\b",
        "is": r"^\W*(?:is|are|was|were)\b",
        "begins do": r"^\W*(?:do|does|did)\b",
        "begins is": r"^\W*(?:is|are)\b",
        "begins can": r"^\W*(?:can|could)\b",
        "begins should": r"^\W*should\b",
        "colon": r":",
        "goes on": r"\?.+\w",
    }.items()
}


def asks_yes_or_no(question: str) -> bool:
    """Tells whether a question asks for a yes or a no.

    Titles of articles count too ("Statins in the elderly: do they help?"); questions for what,
    which or how, what is asked of the assistant itself, and those that leave a choice do not.
    """
    text = question.strip().rstrip("\"'”’) ")
    if not (text.endswith("?") or OPENS.match(text)):
        return False
    return not any(pattern.search(text) for pattern in (ASKS_WHAT, LATE_WHAT, ASKS_US, CHOICE))
