"""The topic of a literature search: the request without its command words, years and counts."""

import re

COURTESY = (
    r"(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|morning|evening|quick q|"
    r"ok(?:ay)?|so|well|right|now|also|and|then|next|first|finally|great|thanks|"
    r"thank you|cheers|please|pls|plz|kindly|sorry|basically|just|quick(?: one| question)?|"
    r"question|urgent|asap|thx|ta|if (?:you can|possible)|"
    r"back to (?:reading|the literature)|new topic|ok new topic|re|fwd|for me)"
)
ASKING = (
    r"(?:(?:can|could|would|will|may) (?:you|we|i|u)(?: please| perhaps| maybe| also)?|(?:i|"
    r"we)(?:'d| would|’d) (?:like|love|want)(?: you)?(?: to)?|"
    r"(?:i|we) (?:want|need|have|wish)(?: you)? to|(?:i|we)(?:'m|’m| am| are) (?:looking|"
    r"searching) for|(?:i|we) (?:also )?(?:need|want)|help me(?: to)?|let(?:'s|’s| us)|"
    r"(?:i was|i am|i'm) wondering (?:if|whether)|(?:i|we) wonder (?:if|whether)|do you "
    r"(?:know|have)(?: of)?(?: if| whether)?|"
    r"tell (?:me|us)|give (?:me|us)|show (?:me|us)?|get (?:me|us)?|bring (?:me|us)?|send (?:me|"
    r"us)?)"
)
SEEKING = (
    r"(?:re-?search|search(?:ing)?|find(?:ing)?(?: out)?|look(?:ing)?(?: up| into| for| "
    r"through| at)?|retriev(?:e|ing)|fetch|pull(?: up| out| together)?|"
    r"dig(?: out| up)?|collect|gather|list|show|get|locate|identify|summari[sz]e|review|scan|"
    r"check(?: out)?|see|read(?: up on| about)?|hunt|query|grab|"
    r"provide|explore|(?:lit(?:erature)?|semantic|hybrid|library|pubmed|full[\s-]text|keyword) "
    r"search|lit|browse|cite)"
)
AMOUNT = (
    r"(?:(?:the|a|an|any|some|all|most|more|several|few|key|main|best|latest|newest|newer|new|"
    r"recent|relevant|important|good|top|most|published|further|other|background|original|"
    r"primary|strong|solid|peer[\s-]reviewed)\s+)"
)
SOURCE = (
    r"(?:papers?|articles?|publications?|literature|lit|evidence(?: base)?|abstracts?|refs?|"
    r"references|reading|"
    r"(?:clinical |research )?(?:data|research|work)|information|info|sources|library|pubmed|"
    r"medline|citations?|journals?|"
    r"what(?:'s| is|’s) (?:out there|known|new|the evidence|the latest|the literature)|"
    r"anything|something|stuff|studies)"
)
KIND = (
    r"(?:(?:randomi[sz]ed\s+(?:controlled\s+)?|clinical\s+|cohort\s+|systematic\s+|methods?\s+|"
    r"methodological\s+)*(?:studies|study|trials?|reviews?|meta-?analys[ie]s|rcts?))"
)
ABOUT = (
    r"(?:about|on|regarding|concerning|for|of|in|that|which|whether|if|how|to|with|relating to|"
    r"related to|dealing with|around|covering|looking at|describing|showing|linking|by|:|-|—|–|"
    r"->|=>)"
)

LEADS = tuple(
    re.compile(rf"^\W*{pattern}(?:\s+|(?=[:,.!?-])|$)", re.I)
    for pattern in (
        COURTESY,
        ASKING,
        rf"{SEEKING}(?:\s+(?:for|me|us|in|through|out|the|about|on|whether|if|of))*",
        rf"{AMOUNT}+(?={SOURCE}|{KIND}|one\b|\d)",
        rf"(?:\d+\s+)(?={SOURCE}|{KIND})",
        rf"{SOURCE}(?:\s+(?:is there|there is|there are|are there|exists?|available|"
        rf"published))*(?:\s+{ABOUT})*",
        r"(?:the\s+)?(?:library|pubmed|medline|literature|database)(?:\s+(?:for|on|about))*",
        r"(?:is|are) there\s+(?:any\s+|some\s+)?(?:\w+\s+)?(?:evidence|data|papers?|articles?|"
        r"studies|trials?|literature|research|publications?|anything)(?:\s+(?:published|available|"
        r"out there))?(?:\s+(?:on|about|for|that|of|in))*",
        r"what(?:['’]s| is| has| have| does| do| did| are| was| were)?\s+(?:the |been |there |all |"
        r"current |latest )*(?:evidence|literature|studies|data|research|trials|papers|known|"
        r"published|written|shown|said|reported|out there|latest|new|state of the art|"
        r"science)(?:\s+(?:say|says|said|show|shows|tell us|published|base|exists?|"
        r"there))?(?:\s+(?:on|about|for|that|of|in|regarding))*",
        r"(?:wat|what) (?:is|has been)\s+(?:known|published|written|reported)(?:\s+(?:on|about|"
        r"in))*",
        r"what about",
        r"(?:i|we)(?:['’]ve| have)(?: got)? (?:an? |the )?[\w ]{3,40}? (?:about|regarding)",
        r"(?:everything|all|something|anything|a bit|more) (?:on|about|regarding)",
        r"(?:i keep (?:hearing|reading) that|i heard (?:that)?|i read (?:that)?|everybody (?:says|"
        r"knows) that|my \w+ (?:says|asked me|wants|mentioned) (?:if|whether|that)?)",
    )
)
CONNECTIVE = re.compile(rf"^\W*{ABOUT}(?:\s+|(?=[:,.!?-])|$)", re.I)
TAILS = tuple(
    re.compile(rf"{pattern}\W*$", re.I)
    for pattern in (
        r"(?:[,.;:!-]|\s)\s*(?:please|pls|plz|thanks?(?: a lot| you| so much)?|thx|ta|cheers|asap|"
        r"for me|if possible|if you can|many thanks)",
        r"(?:[?.!;:,-]\s*|\s+)(?:(?:so|and|but)\s+)?what (?:do|does|did|is|has|have) "
        r"(?:the\s+)?(?:evidence|studies|literature|data|research|trials|papers|"
        r"science)(?:\s+(?:say|show|tell us|suggest|been published))?(?: about (?:it|this|that))?",
        r"[?.!;:,-]\s*(?:what (?:is|has been|has) (?:known|published|written|the evidence)|"
        r"what['’]s (?:known|been published|the evidence|out there))",
        r"[?.!;,:-]\s*which (?:\w+ ){1,3}should i (?:read|know|cite)",
        r"(?:\s+|[?.!;,:-]\s*)(?:according to|in) (?:the\s+)?(?:literature|studies|published "
        r"(?:studies|literature)|evidence)",
        r"(?:[?.!;,:-]\s*|\s+)(?:can|could|would) you (?:please )?(?:check|look|find|see|dig|"
        r"search|collect)[^.?!]*(?:literature|evidence|studies|papers|articles|publications|"
        r"abstracts|refs|references|it up|this up|that up|out)",
        r"(?:[?.!;,:-]\s*|\s+)(?:please )?(?:collect|find|get|list|gather) (?:the\s+)?(?:key |main "
        r"|relevant )?(?:studies|papers|articles|evidence|literature)",
        r"[,;:(-]\s*(?:methods |methodological |review |recent |background )?(?:papers|articles|"
        r"literature|studies|refs|references|evidence|abstracts|publications|hits|results)",
        r"\s+(?:papers|articles|literature|publications|abstracts|refs|references)",
    )
)
EMPTY = re.compile(
    r"\W*(?:(?:the|a|an|any|some|it|this|that|them|me|us|you|my|our|topic|topics|subject|"
    r"literature|library|papers?|articles?|"
    r"evidence|studies|publications?|abstracts?|refs?|references|pubmed|medline|research|"
    r"journals?|database|please|pls|thanks|"
    r"for|on|about|of|in|at|most|max|maximum|only|just|recent|new|good|more|something|anything|"
    r"one|ones|database|search|few|question|"
    r"say|said|show|is|are|there|what|do|does|which|i|need|asked|medical|scientific|"
    r"relevant)\b\W*)*",
    re.I,
)
POINTING = re.compile(r"\b(?:it|its|this|that|they|them|these|those)\b", re.I)
CONTENT = re.compile(
    r"\b(?!(?:it|its|this|that|they|them|these|those|is|are|was|were|does|do|did|what|how|why|"
    r"which|who|can|could|should|will|would|about|there|the|and|for|any|more|on|of|in|a|"
    r"an)\b)[A-Za-z]{3,}",
    re.I,
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(]|is\b|are\b|do\b|what\b|can\b)|\n+")


def find_topic(text: str) -> str:
    """Returns the topic, or an empty text when the request names none.

    Args:
        text: The request without its phrases for years and counts.
    """
    kept = [strip_command(sentence) for sentence in SENTENCE.split(text)]
    topic = " ".join(sentence for sentence in kept if not EMPTY.fullmatch(sentence))
    if POINTING.search(topic) and len(CONTENT.findall(topic)) < 2:
        return ""
    return re.sub(r"\s+", " ", topic).strip(" \t,;:.-–—>=\"'")


def strip_command(sentence: str) -> str:
    """Removes words of asking from both ends of a sentence until none is left."""
    whole = sentence
    before = None
    while before != sentence:
        before = sentence
        for pattern in LEADS:
            sentence = pattern.sub("", sentence, count=1)
        if sentence != whole:
            sentence = CONNECTIVE.sub("", sentence, count=1)
        for pattern in TAILS:
            sentence = pattern.sub("", sentence)
    return sentence.strip(" \t,;:-–—>=")
