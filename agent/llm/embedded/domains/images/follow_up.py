"""Questions that only the turn before makes plain: how big is it, which were the worst."""

import re

from agent.llm.embedded.situation import fits
from agent.plan import Memory, PlannedCall

SIZE = re.compile(
    r"^\W*(?:(?:and|so|ok|but)\W+)*(?:how (?:big|large|wide|long|much|many (?:pixels|mm\w*|ml))\b|"
    r"(?:(?:what(?:['’]?s| is| are)|give me|tell me)\s+)?(?:the|its)\s+(?:\w+\s+)?"
    r"(?:size|volume|area|extent|diameter|dimensions)\b)"
    r"(?:\s+(?:is|are|does|of|in|the|its?|this|that|lesions?|tumou?rs?|nodules?|masks?|regions?|"
    r"outlines?|area|volume|exactly|mm\w*|ml|pixels))*\W*$",
    re.I,
)
"""Asks for the size of what was outlined, and names no other image."""

WORST = re.compile(
    r"\b(?:worst|hardest|poorest|failed|most wrong|mis-?classif\w+)\s+(?:\w+\s+)?(?:cases?|images?|"
    r"ones?|predictions?|examples?|outlines?|slices?|scans?)\b|"
    r"\b(?:which|what)\s+(?:cases?|images?|ones?|slices?|scans?)\b.{0,20}\b(?:worst|hardest)\b|"
    r"\b(?:which|what|where|show)\b.{0,40}\b(?:wrong|mistakes?|errors|misclassified|fail(?:s|ed)?)\b",
    re.I,
)
"""Asks for the images that a model did worst on."""

REASON = re.compile(
    r"^\W*(?:(?:and|but|so|ok)\W+)*(?:"
    r"why\b(?:\s+(?:is|does|did|do|it|that|this|so|think|say|the|model|you))*|"
    r"where\s+(?:does|did)\s+(?:it|the \w+)\s+look(?:\s+at)?|"
    r"show(?:\s+me)?\s+(?:the|a)\s+heat[\s-]?map)\W*$",
    re.I,
)
"""Asks what a reading rests on: the reading says it."""

GOOD = re.compile(
    r"^\W*(?:(?:and|but|so|ok)\W+)*(?:how|is|can)\b(?=.*\b(?:good|accurate|reliable|trust)\b)(?:\s+"
    r"(?:good|accurate|reliable|trust|is|it|i|we|that|this|the|any|really|model|network|classifier|"
    r"segmenter))+\W*$",
    re.I,
)
"""Asks how good the model is."""

ON_IMAGES = ("train_image_classifier", "train_image_segmenter", "analyze_image", "describe_model")


def asks_worst(text: str, tool: str) -> bool:
    """Tells whether a training on images is also to show where the model does worst."""
    return tool in ON_IMAGES[:2] and bool(WORST.search(text))


def follow_up(text: str, memory: Memory) -> PlannedCall | None:
    """Returns the call that answers a question about the turn before, if it is one.

    Args:
        text: The person's words, without any name of a file or model.
        memory: What earlier turns left behind.
    """
    last = memory.last
    if last is None or last.tool not in ON_IMAGES:
        return None
    if last.tool == "analyze_image" and SIZE.search(text):
        outlining = [name for name in memory.models if fits(name, ("seg",))]
        model = last.args.get("model", outlining[0] if outlining else None)
        if not model or not fits(model, ("seg",)):
            return None
        return PlannedCall(request=text, tool=last.tool, args=last.args | {"model": model})
    if last.tool == "analyze_image" and REASON.search(text):
        return PlannedCall(request=text, tool=last.tool, args=last.args)
    newest = memory.models[0] if memory.models else ""
    if (WORST.search(text) or GOOD.search(text)) and fits(newest, ("img", "seg")):
        return PlannedCall(request=text, tool="describe_model", args={"model": newest})
    return None
