"""What the name of an event column says of those who have a yes in it."""

import re
from dataclasses import dataclass

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[äöüß]+|[^\W\d_a-zA-Z]+")
CENSORED = re.compile(
    r"censor\w*|uncens\w*|alive|living|surviv\w*|free|lost|zensiert\w*|lebt|lebend|überlebt\w*|"
    r"überleb\w*|.*(?:存活|生存|删失|失访).*"
)
EVENT = re.compile(
    r"events?|dead|death|died|deceased|mortality|relapsed?|recurr\w*|progress\w*|fail\w*|fatal\w*|"
    r"observed|status|fstat|fustat|indicator|tod|verstorben|gestorben|ereignis|"
    r".*(?:死亡|复发|进展|事件|结局|状态|状况).*"
)
NEUTRAL = frozenset({"indicator", "observed"})
DOUBTFUL = frozenset({"cens"})
"""Written for a censoring indicator and, in R's data sets, for its opposite."""


@dataclass(frozen=True)
class Meaning:
    """What a name speaks of.

    Attributes:
        event: It names an event, or a status.
        censored: It names being alive, free of the event or censored.
        doubtful: It is written for both.
        said: The words that say so.
    """

    event: bool
    censored: bool
    doubtful: bool
    said: str


def meaning_of_name(name: str) -> Meaning:
    """Reads the words in a column's name: `isCensored`, `event_free`, `OS_STATUS`, `died_30d`."""
    words = [word.casefold() for word in WORD.findall(name)]
    free = "free" in words
    censored = [w for w in words if CENSORED.fullmatch(w)]
    event = [w for w in words if EVENT.fullmatch(w) and w not in NEUTRAL]
    if free:  # event-free, relapse-free: the event is what there is none of
        event = [w for w in event if w == "status"]
    if any(w.startswith("uncens") for w in censored):
        censored, event = [], ["uncensored"]
    doubtful = [w for w in words if w in DOUBTFUL]
    said = " and ".join(dict.fromkeys([*censored, *event, *doubtful]))
    return Meaning(bool(event), bool(censored), bool(doubtful) and not event, said)
