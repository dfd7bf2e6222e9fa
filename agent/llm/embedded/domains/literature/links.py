"""The two ends of a link that is looked for: where it starts, and what it may lead to."""

import re
from typing import NamedTuple

from agent.llm.embedded.domains.literature.topic import find_topic, strip_command


class Ends(NamedTuple):
    """The concepts that a request for leads names."""

    topic: str
    target: str | None


NAME = r"[^,;:?!.\n]{2,80}?"
LAST = r"[^,;:?!\n]{2,80}?"
STOP = (
    r"(?=\s*(?:$|[?!.;:,\n]|\b(?:that|which|who|through|via|by (?:a|an|some)|indirectly|please|pls|"
    r""
    r"thanks|but|in (?:my|the|our)|from (?:my|the|our)|based on|given|suggested|"
    r"from (?:linked|indirect)|going by|judging|though|although|"
    r"even though|and what|nobody|no one|if|according to|top|with the articles|for me)\b))"
)
OWN = r"(?:there\s+(?:is\s+|are\s+)?)?"
PAIRS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:topic|a|start)\s*[=:]\s*(?P<topic>{NAME})[\s,;]+(?:and\s+)?(?:target|c|end)\s*[=:]\s*"
        rf"(?P<target>{LAST}){STOP}",
        rf"\bbetween\s+(?P<topic>{NAME})\s+(?:and|&|to|versus)\s+(?P<target>{LAST}){STOP}",
        rf"(?P<topic>{NAME})\s*(?:-+>|=>|→|<->|↔|<-+>)\s*(?P<target>{LAST}){STOP}",
        rf"\b(?:closed discovery|connect the dots(?: for me)?)\s*[:,]?\s*(?P<topic>{NAME})\s*"
        rf"(?:/|,|\band\b)\s*(?P<target>{LAST}){STOP}",
        rf"\b(?:link(?:s|ed|ing)?|connect(?:s|ed|ing|ions?)?|relat(?:e|es|ed|ing|ions?)|tie[sd]?|"
        rf"bridge[sd]?|bridging|join(?:s|ed|ing)?|path|chains?(?: of evidence)?)\s+(?:from\s+)?"
        rf"(?P<topic>{NAME})\s+(?:to|with|and|towards?)\s+(?P<target>{LAST}){STOP}",
        rf"\b(?:papers|articles|literature|work)\s+on\s+(?P<topic>{NAME})\s+and\s+(?:those|the\s+"
        rf"ones|papers|articles|that)\s+on\s+(?P<target>{NAME})(?=\s+have\b|{STOP[3:]}",
        rf":\s*(?P<topic>{NAME})\s+and\s+(?P<target>{NAME})(?=\s*,\s*what\s+"
        rf"(?:joins|links|connects|ties)\b)",
        rf"\bfrom\s+(?P<topic>{NAME})\s+to\s+(?P<target>{LAST}){STOP}",
        rf"\b(?:could|can|might|may|would|is|are)\s+{OWN}(?P<topic>{NAME})\s+(?:be\s+)?(?:indirectly\s+)?"
        rf"(?:linked|connected|related|tied|relevant|useful)\s+(?:to|with|for|in)\s+"
        rf"(?P<target>{LAST}){STOP}",
        rf"\b(?:could|can|might|may|would)\s+(?P<topic>{NAME})\s+(?:have\s+an?\s+(?:\w+\s+){{0,2}}?"
        rf"(?:use|role|effect)\s+in|help(?:\s+(?:with|in|against))?|treat|work\s+(?:for|in|against)|"
        rf"be\s+repurposed\s+for)\s+(?P<target>{LAST}){STOP}",
        rf"\b(?:make|makes)\s+(?P<topic>{NAME})\s+(?:interesting|relevant|useful)\s+(?:in|for)\s+"
        rf"(?P<target>{LAST}){STOP}",
        rf"\brepurpos\w+\s+(?P<topic>{NAME})\s+(?:for|in|against)\s+(?P<target>{LAST}){STOP}",
    )
)
LEADING = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:(?:topic|a|start)\s*[=:]|topic)\s*[\"“']?(?P<topic>{LAST})[\"”']?(?=\s*(?:$|[?!;,\n]|\b(?:find|"
        rf"target|c\s*=)))",
        r"\b(?:start(?:s|ing)?|beginning)\s+(?:from|with|at|off)\s*:?\s*(?P<topic>" + LAST + r")"
        r"(?=\s*(?:$|[?!.;,\n]|\band\b))",
        rf"\b(?:away|connected|linked|related)\s+(?:yet\s+)?(?:from|to|with)\s+(?P<topic>{LAST}){STOP}",
        rf"\bcould\s+(?P<topic>{NAME})\s+(?:be\s+(?:good|relevant|useful)|treat|help)\b",
        rf"\b(?:repurposed|used|test|tried|interesting|promising)\s+(?:for|in|against)\s+"
        rf"(?P<topic>{LAST}){STOP}",
        rf"\b(?:leads?|links?|linking|hypothes[ie]s|ideas?|connections?|associations?|relations?|"
        rf"relationships?|directions?|candidates?|treatments?|discovery|knowledge|indications?|uses?"
        rf"(?: for old drugs)?|topics?|gaps|swanson|lbd|concepts|generation)\s*"
        rf"(?:(?:for|on|of|about|around|from|to|with|in|regarding|concerning|by|suggested)\b|[:,])"
        rf"\s*(?P<topic>{LAST}){STOP}",
        rf"\b(?:around|about|for|of|on|in|with|to)\s+(?P<topic>{LAST}){STOP}",
    )
)
FILLER = re.compile(
    r"^(?:(?:a|an|the|any|some|my|our|treating|treatment of|something (?:on|about)|both|topic|"
    r"start|whether|patients with|people with)\b[\s:]*)+|^(?:in|of|for|on)\s+",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"\s+(?:indirectly|please|pls|thanks|thank you|yet|next|at all|from the papers|"
    r"in the literature|candidates?|top \d+|leads?|hypothes[ie]s)\W*$|[\s\"'“”?.!,;:]+$",
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(?:link(?:s|ing)|connect(?:s|ing)?|relat(?:es|ing)|ties?|between|from)\s+", re.IGNORECASE
)
EMPTY = re.compile(
    r"(?:(?:research|indirect|hidden|new|novel|find|give|me|any|some|leads?|links?|hypothes[ie]s|"
    r"ideas?|connections?|candidates?|yet|be|terms?|indirectly|you|can|could|the|a|library|literature|my|our|in|for|of|it|this|that|them)\s*)*",
    re.IGNORECASE,
)

INDIRECT = re.compile(
    r"\b(?:leads?|leeds|hypothes\w+|hypothsis|ideas?|indirect\w*|indirekt|hidden|implicit|unnoticed|"
    r"un(?:discovered|explored|reported|known|tested|written|recogni[sz]ed)|non[\s-]?obvious|"
    r"surprising|speculative|novel|untried|repurpos\w+|reposition\w+|bridg\w+|intermediates?|"
    r"intermediate|chains?|linking terms?|steps? away|second[\s-]order|third concept|in between|"
    r"lies? between|connect the dots|swanson|abc|lbd|discovery|discover|brainstorm|inspire|gaps?|"
    r"speculat\w+|future links?|research (?:directions?|topics?)|phd topic|promising|"
    r"new (?:uses?|links?|indications?|connections?|ideas?|directions?|research)|mechanistic|"
    r"nobody|no one|no (?:paper|article|study)|never|hasn['’]?t been|isn['’]?t yet|"
    r"two literatures|(?:could|might|may|would)\b.{2,60}\b(?:link\w*|connect\w*|tie|treat|help|"
    r"be (?:good|relevant|useful)|have an?)|find_research_leads)\b|"
    r"\b(?:a|topic)\s*[=:]|->|=>|→|↔",
    re.IGNORECASE,
)
"""Asks for what no article states: a link that is only to be looked up is a matter of search."""


def find_ends(text: str) -> Ends | None:
    """Returns the topic of a request for leads, and the target if it names one.

    Args:
        text: The request, without its counts.
    """
    for pattern in PAIRS:
        if match := pattern.search(text):
            topic, target = _bare(match["topic"]), _bare(match["target"])
            if topic and target:
                return Ends(topic, target)
    for pattern in LEADING:
        if (match := pattern.search(text)) and (topic := _bare(match["topic"])):
            return Ends(topic, None)
    topic = _bare(find_topic(text))
    return Ends(topic, None) if topic else None


def _bare(name: str) -> str:
    """Returns a concept without the words around it; nothing where these were all."""
    before = None
    while before != name:
        before = name
        name = VERB.split(name)[-1]
        name = TAIL.sub("", FILLER.sub("", name.strip(" \t\"'“”‘’()")))
    return "" if EMPTY.fullmatch(name) else strip_command(name)
