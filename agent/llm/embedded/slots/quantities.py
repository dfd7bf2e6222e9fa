"""Counts, seeds, time limits and row numbers."""

import re

from agent.llm.embedded.slots.numbers import ORDINALS

_THINGS = (
    r"papers?|articles?|abstracts?|refs?|references?|stud(?:y|ies)|trials?|reviews?|hits?|"
    r"results?|publications?|"
    r"sources?|citations?|documents?|passages?|records?|meta-?analyses|guidelines?|rcts?|ones?|"
    r"examples?|leads?|hypothes[ie]s|ideas?|"
    r"molecules?|compounds?|structures?|candidates?|analogues?|analogs?|images?|pictures?|scans?"
)
COUNTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:just|only)\s+(?:the\s+)?(?:top\s+|best\s+|first\s+)?(\d{1,4})\b(?!\s*(?:years?|mg|"
        r"%))",
        r"\b(?:top|best|first)[\s-]+(\d{1,4})\b",
        r"\b(?:top_?k|k|n|limit|count|number|max_results|max)\s*[=:]\s*(\d{1,5})\b",
        r"\b(?:max(?:imum)?|at most|up to|no more than|not more than|limit(?:ed)? (?:it )?to|fewer "
        rf"than)\s+(?:of\s+)?(\d{{1,4}})\b(?=\W*(?:$|(?:[\w-]+\s+){{0,3}}?(?:{_THINGS})\b|please|"
        r"pls))",
        r"(?<![\w./=-])(\d{1,4})\s+(?:at most|max(?:imum)?)\b",
        r"(?<![\w./=-])(?<!phase )(?<!type )(?<!grade )(?<!stage )(\d{1,4})\s+(?:(?!not\b|mg\b|"
        rf"year|week|month|day|patients?\b)[\w-]+\s+){{0,3}}?(?:{_THINGS})\b(?!\s+not\b)",
        r"\bmake (?:it|that) (\d{1,4})\b",
    )
)
EPOCHS = re.compile(
    r"(?<![\w.])(-?\d+(?:\.\d+)?)\s*(?:training\s+)?(?:epo(?:ch|c|hc)s?|passes|rounds)\b|"
    r"\b(?:epochs?|rounds)\s*(?:=|:|of|is|to)?\s*(-?\d+(?:\.\d+)?)\b",
    re.I,
)
SIDE = re.compile(
    r"(?<![\w.])(\d{2,4})[\s-]*(?:px|pixels?|pixles)\b|(?<![\w.])(\d{2,4})\s?[x×]\s?\2(?!\w)|"
    r"\b(?:image[\s_-]?size|resolution|side)\s*(?:=|:|of|is|to)?\s*(\d{1,4})\b",
    re.I,
)
"""The pixels along each side of images."""

OF_A_NAME = re.compile(
    r"\b(?:resnet|res net|densenet|efficientnet|b|t|phase|grade|stage|type|level|version)\s*[-_]?"
    r"\d+\b|\b\d+\s*-?\s*(?:d|px|pixels?|mm|cm|%|percent|years?|yo|patients?)\b",
    re.I,
)
COUNTS_ANYTHING = re.compile(r"(?<![\w./,-])(\d{1,4})(?![\w/]|[.,]\d|-\d)")
COUNTS_WANTED = re.compile(
    r"\b(?:mak\w+|generat\w+|produc\w+|creat\w+|synthesi\w+|draw\w*|sampl\w+|invent\w*|give|"
    r"want|by|with|count|number|n)\b[^.;?!\d]{0,25}?(?<![\w./-])(\d{1,4})(?![\w/]|[.,]\d|-\d)|"
    r"(?<![\w./-])(\d{1,4})\s+(?:more|new|further)\b",
    re.I,
)
BEHIND = re.compile(r"(?:at most|max(?:imum)?)$", re.I)
SEED = re.compile(
    r"\b(?:random[\s_-]?(?:seed|state|number)|seed(?:ed)?|rng|random_state)\s*(?:of|with|to|is|"
    r"at|at the value|set to|number|no\.?|value)?\s*[=:#]?\s*(\d{1,9})\b",
    re.I,
)
_DURATION = r"(\d+(?:\.\d+)?)\s*-?\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b(?!-bond)"
SECONDS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:stop(?:ping)?|finish|halt|quit|end|abort|cut(?: it)? off|give up|done)\s+(?:it\s+|"
        rf"training\s+)?(?:after|at|within|in|by)\s+(?:at most\s+)?{_DURATION}",
        r"\b(?:(?:time|training)[\s_-]*)?(?:limit(?:ed)?|budget|cap(?:ped)?|timeout|time_limit|"
        rf"max(?:imum)?(?: time)?|runtime)\s*(?:of|to|is|at|=|:)?\s*{_DURATION}",
        r"\b(?:within|under|no (?:longer|more) than|not (?:longer|more) than|at most|up to|less "
        r"than|(?:do not|don['’]?t|not) (?:spend|take|run|train)(?: for)? more than|"
        r"for at most|for|in at most|in under|in max|spend|take|give it|you have|train "
        rf"for)\s+(?:at most\s+|max\s+|no more than\s+)?{_DURATION}",
        rf"{_DURATION}\s*(?:-\s*)?(?:time\s*)?(?:limit|cap|budget|max(?:imum)?|at "
        r"most|timeout|tops|"
        r"of training)\b",
        r"\b(?:time_limit|timeout|limit)\s*[=:]\s*(\d+(?:\.\d+)?)()(?![\d.])",
    )
)
HALF_HOUR = re.compile(r"\b(?:half an hour|half hour|a half hour|1/2 hour)\b", re.I)
AN_HOUR = re.compile(r"(?<!half )\b(?:an|a|one)\s+(hour|minute)\b", re.I)
UNIT_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}
ROWS = (
    re.compile(
        r"\b(?:rows?|index|idx|record|instance|observation|sample|line|patient|case|subject|"
        r"example)\s*(?:number|no\.?|nr\.?|index|id|row)?\s*[=:#]?\s*(\d{1,7})\b(?!\s*(?:years?|"
        r"yo\b|-year))", re.I),
    re.compile(
        r"\b(\d{1,7})(?:st|nd|rd|th)\s+(?:row|patient|record|case|sample|observation|line|subject|"
        r"instance)\b", re.I),
    re.compile(r"(?<!\w)#\s?(\d{1,7})\b"),
)  # fmt: skip
ORDINAL_ROW = re.compile(
    rf"\b({'|'.join(ORDINALS)})\s+(?:row|patient|record|case|sample|observation|line|subject)\b",
    re.I,
)


def find_count(text: str) -> tuple[int, int, int] | None:
    """Returns how many things are asked for, with the span of the number and its own words."""
    for pattern in COUNTS:
        if match := pattern.search(text):
            end = match.end() if BEHIND.search(match[0]) else match.end(1)
            return int(match[1]), match.start(), end
    return None


def find_epochs(text: str) -> int | float | None:
    """Returns how often the images are gone through in training, as it was said."""
    match = EPOCHS.search(text)
    number = float(match[1] or match[2]) if match else None
    return int(number) if number is not None and number.is_integer() else number


def find_side(text: str) -> int | None:
    """Returns how many pixels images have along each side."""
    match = SIDE.search(text)
    return int(next(filter(None, match.groups()))) if match else None


def find_lone_numbers(text: str) -> list[int]:
    """Returns the numbers that are no seed, time, epochs, size or part of a name, the likeliest
    to be what is counted first.
    """
    for pattern in (SEED, EPOCHS, SIDE, *SECONDS, OF_A_NAME):
        text = pattern.sub(" ", text)
    found = [*COUNTS_WANTED.finditer(text), *COUNTS_ANYTHING.finditer(text)]
    places = {match.end(match.lastindex or 0): match for match in found}
    return [int(match[match.lastindex or 0]) for match in places.values()]


def find_seed(text: str) -> int | None:
    """Returns the random seed."""
    match = SEED.search(text)
    return int(match[1]) if match else None


def find_seconds(text: str) -> float | None:
    """Returns the time limit in seconds."""
    text = HALF_HOUR.sub("30 minutes", AN_HOUR.sub(r"1 \1", text))
    for pattern in SECONDS:
        if match := pattern.search(text):
            unit = match[2][:1].casefold()
            seconds = float(match[1]) * UNIT_SECONDS[unit]
            return int(seconds) if seconds.is_integer() else seconds
    return None


def find_row(text: str) -> int | None:
    """Returns the number of the row that is meant, as it was said."""
    for pattern in ROWS:
        if match := pattern.search(text):
            return int(match[1])
    match = ORDINAL_ROW.search(text)
    return ORDINALS[match[1].casefold()] if match else None
