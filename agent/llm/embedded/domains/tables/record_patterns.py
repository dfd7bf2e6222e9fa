"""How people describe a patient: ages, codes, measurements, yes and no."""

import re

from agent.words import word_set

AGE = re.compile(
    r"\b(?P<age>\d{1,3})[\s-]*(?:years?|yrs?|y)?[\s-]*(?:of age|old\b|/o\b|yo\b|y\.o\.|olds\b)|"
    r"\baged?\s+(?P<aged>\d{1,3})\b(?![\w.])|"
    r"(?<![\w.])(?P<short>\d{2})\s?(?:F|M)\b|(?:^|[,;:]|\b(?:is|of|patient|woman|man|"
    r"person))\s*(?P<years>\d{1,3})\s*(?:years|yrs|yo)\b(?!\s*(?:survival|of|risk|mortality|"
    r"os\b|pfs\b))",
    re.I,
)
NUMBER = re.compile(
    r"(?<![\w.,/-])(?P<sign>-)?(?P<number>\d+(?:[.,]\d+)?)(?P<percent>\s?%)?(?![\w]|[.,]\d|"
    r"-year|-month|-day)"
)
HORIZON = re.compile(
    r"\b\d+(?:\.\d+)?[\s-]*(?:y|yr|yrs|years?|months?|mo|mos|days?|weeks?)[\s-]*(?:overall\s+|"
    r"disease[\s-]free\s+|event[\s-]free\s+)?(?:survival|os|pfs|dfs|rfs|risk|mortality|prob\w*|"
    r"outlook|prognosis|recurrence|relapse)\b|"
    r"\b(?:at|after|in|within|over)\s+\d+(?:\.\d+)?[\s-]*(?:y|yr|yrs|years?|months?|days?|"
    r"weeks?)\b",
    re.I,
)
CODED = re.compile(
    r"\b(?P<key>(?:tumou?r\s+|histologic(?:al)?\s+|clinical\s+|disease\s+|nyha\s+|asa\s+|"
    r"ecog\s+|killip\s+|child[\s-]pugh\s+)?(?:\w*grade|\w*stage|class|nyha|asa|ecog|killip|"
    r"gleason|t|n|m))"
    r"\s*(?:=|:|is|of)?\s*(?P<code>(?:I{1,3}V?|IV|V)[ABC]?|[0-4][ABC]?(?![\d.])|"
    r"[A-D])(?![\w.]\w|\w)",
)
ASSIGNED = re.compile(
    r"(?P<key>[A-Za-zµ][\w .%/()-]{0,40}?)\s*(?:=|:)\s*(?P<value>\"[^\"\n]+\"|'[^'\n]+'|"
    r"[A-Za-z+-][\w+-]*(?:[ -](?!and\b|with\b|or\b)[A-Za-z]\w*)?)(?=\s*(?:$|[,;.\n)]|and\b|"
    r"with\b))"
)
ANSWERED = re.compile(
    r"(?P<key>[A-Za-z][\w /-]{0,30}?)\s+(?:is\s+|was\s+)?(?P<value>yes|no|positive|negative|"
    r"present|absent|male|female|true|false|high|low|normal|never|former|current|"
    r"unknown)\b(?=\s*(?:$|[,;.?!\n)]|and\b))",
    re.I,
)
NEGATED = re.compile(
    r"(?:^|[,;(\n]|\b(?:and|but|with|old|person|patient|someone|somebody|man|woman|male|female|"
    r"lady|gentleman)\b|(?<=[0-9IV])\s)\s*(?:has\s+|had\s+)?(?:no|without|"
    r"not on|not having|never had|denies)\s+(?:known\s+|history of\s+|previous\s+|"
    r"prior\s+)?(?P<key>[A-Za-z][\w-]*(?:\s(?!and\b|or\b|with\b|"
    r"but\b)[A-Za-z][\w-]*){0,2})(?=\s*(?:$|[,;.?!\n)]|and\b|with\b|or\b|but\b))",
    re.I,
)
AFFIRMED = re.compile(
    r"(?:[,;\n]|\band\b)\s*(?:(?:s?he|they|who)\s+)?(?:on|is on|takes|uses|has|having|known|"
    r"receiving|had|with|taking)\s+(?P<key>[A-Za-z][\w-]*(?:\s(?!and\b|or\b|with\b|"
    r"but\b)[A-Za-z][\w-]*){0,2})(?=\s*(?:$|[,;.?!\n)]|and\b|with\b|but\b))",
    re.I,
)
ALONE = (
    (re.compile(r"(?:^|[,;\n])\s*(?P<value>male|female)\s*(?=$|[,;.\n?])", re.I), "sex", None),
    (re.compile(r"(?<=\bold )(?P<value>male|female)\b", re.I), "sex", None),
    (
        re.compile(r"\b(?:never[\s-]smoke[dr]?|non[\s-]?smoker|does(?:n['’]t| not) smoke)\b", re.I),
        "smoker",
        "no",
    ),
    (
        re.compile(r"(?:^|[,;\n]|\band\b|\bold\b)\s*(?:a\s+|current\s+)?smoker\b(?!\s*[:=])", re.I),
        "smoker",
        "yes",
    ),
    (re.compile(r"\bpost[\s-]?menopausal\b", re.I), "menopausal status", "Post"),
    (re.compile(r"\bpre[\s-]?menopausal\b", re.I), "menopausal status", "Pre"),
)
CODE_ITEM = re.compile(
    r"(?:^|[,;\n:])\s*(?P<key>[A-Z][a-z]+[A-Za-z]*|"
    r"[A-Za-z]+_\w+)\s+(?P<value>[a-z][a-z-]+)\s*(?=$|[,;.\n?])"
)
LISTED_ITEM = re.compile(
    r"(?<=\d)\s+(?P<key>[a-z]{4,})\s+(?P<value>[a-z][a-z-]{3,})\s*(?=$|[,;.\n?])"
)
"""Ends a list without commas: age 63 karnofsky 60 celltype smallcell."""

STOPS = word_set(
    "a an the with for of if when is are was were at by in on to and or but who whom whose "
    "has have had having patient "
    "patients woman women man men person people someone somebody anyone one case her his "
    "their my our this that these "
    "those it its under per according using use run predict prediction predicted estimate "
    "what would does do say says "
    "said how likely probability risk survival chance outcome given suppose assuming assume "
    "aged year years old yo new "
    "please pls score from about around approximately over than more less least equals equal "
    "about roughly say let let's "
    "through into as which get give gives model row seed female male lady gentleman boy girl "
    "child adult be flag call via first second third fourth fifth another other"
)
PERSONS = word_set(
    "patient woman man person someone somebody lady gentleman she he who female male case"
)
NOT_COUNTED = word_set(
    "women men patients people persons cases rows models year years yr yrs month months day "
    "days week weeks y percent "
    "y-survival patient woman man person and or with"
)
ADVERBS = word_set(
    "look like please right away thanks thank soon today now here there also then just only "
    "quickly really well good better again back altogether later next"
)
"""Words that may follow a list of measurements and are none."""
UNITS = re.compile(
    r"^\s*(?:mg|g|kg|mmol|mm|cm|mmhg|mg/dl|g/dl|mmol/l|umol/l|µmol/l|fmol|iu|u/l|bpm|beats|"
    r"kg/m2|ml|/min|°c|c|celsius|cells|ng|pg|points?|%)(?:/\w+)?(?![\w])",
    re.I,
)
ATTACHED_UNIT = re.compile(r"(?<=\d)(?:mm|cm|kg|mg|ml|mmhg|bpm|mmol/l|mg/dl|g/dl|g/l|u/l)\b", re.I)
BREAK = re.compile(r"[,;\n:()?!]|\.\s|--|—|\b(?:and|with|has|who|for|whose|plus)\b", re.I)
