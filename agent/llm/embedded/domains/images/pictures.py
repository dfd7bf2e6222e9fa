"""Fills what names images: a file, a folder, and the image model that is meant without its name."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from agent.llm.embedded.filling.step import Step, take
from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.mentions.kinds import PAIRED, path_kind
from agent.llm.embedded.schema import FieldSpec

BARE_FOLDER = re.compile(
    r"\b(?:on|in|from|of|under|with|using|like|folder|directory)\s+(?:the\s+)?"
    r"(?P<name>[A-Za-z][\w-]*_[\w-]+)(?=\s*(?:$|[,.;:?!]|\b(?:for|with|and|using|to|please|pls|"
    r"folder|directory)\b))"
)
"""Names a folder by a word that is spelt like one: an image classifier on brain_mri."""

OUTLINES = re.compile(
    r"\b(?:outlin\w*|segment\w*|contour\w*|delineat\w*|masks?|volume|area|how (?:big|large))\b",
    re.IGNORECASE,
)
"""Asks for what only a segmenter gives."""

MODEL_MEANT = re.compile(
    r"\b(?:with|by|use|using|from|of|apply|run|let)\s+(?:it|that|this|(?:the|that|this|my|our)\s+"
    r"(?:\w+\s+){0,2}?(?:model|classifier|segmenter|network|net|generator|gan|one))\b|"
    r"\b(?:the|that|this|my|our)\s+model\s+(?:say|think|predict|call|like|score|find|believ|rate|"
    r"prefer)\w*|"
    r"\b(?:more (?:of (?:them|those|these)|with it|like (?:it|them|those|that)))\b",
    re.IGNORECASE,
)
"""Speaks of a model that was made or named before."""


UNLABELLED = re.compile(r"\bunlabell?ed\b[\w\s,()-]{0,40}$", re.IGNORECASE)
"""Stands before the folder of images whose classes nobody knows."""

AS_UNLABELLED = re.compile(r"^\s+(?:as|for)\s+(?:the\s+|more\s+)?unlabell?ed\b", re.IGNORECASE)
"""Stands after it."""

BESIDE = re.compile(
    r"\b(?:masks?|outlines?|labels?|(?:bounding\s+)?boxes|annotations?|(?P<other>patients?|ids?))\s+"
    r"(?:(?:are|is|lie|live|come|in|from|at|under|below|of|by|folder|file|the|column\s+\w+)\s+)*$",
    re.IGNORECASE,
)
"""Stands before what belongs to the images: their masks, labels or boxes, whose they are."""


BOXES = re.compile(r"(?:b?box(?:es)?|annotations?)\.(?:csv|tsv|json|xml)$", re.I)
"""Is called like a table of boxes."""


def fill_images(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the image, folder or list of images, the test images beside it, or those before."""
    named = [mention for mention in step.objects.datasets if mention.kind == "path"]
    unlabelled = [
        one
        for one in named
        if UNLABELLED.search(step.text[: one.start]) or AS_UNLABELLED.match(step.text[one.end :])
    ]
    if spec.is_side:
        tests = [mention for mention in step.objects.test_datasets if mention.kind == "path"]
        # "validate on films/val and test on films/test" names two
        tests.sort(key=lambda mention: "test" not in mention.value.casefold())
        beside = unlabelled if spec.name.startswith("unlabelled") else tests
        step.args |= {spec.name: beside[0].value} if beside else {}
        return
    wants_one = spec.name == "image"
    found = _main([mention for mention in named if mention not in unlabelled], step.text)
    fitting = [m for m in found if (path_kind(m.value) == "image") == wants_one] or found
    if parent := _common_parent(fitting):
        step.args[spec.name] = parent
    elif fitting:
        take(spec, step, fitting)
    elif not wants_one and (bare := BARE_FOLDER.search(step.visible)):
        step.args[spec.name] = bare["name"]
    elif spec.required or not _has_model(step, specs):
        only = None if unlabelled else _only_path(step)
        earlier = step.situation.images(step.text, one=wants_one) or only
        step.args |= {spec.name: earlier} if earlier else {}


def fill_optional_model(spec: FieldSpec, step: Step) -> None:
    """Takes the model of an earlier step, or the one that is meant, where it fits."""
    prefixes = spec.prefixes
    if "seg" in prefixes and OUTLINES.search(step.text):
        prefixes = ("seg",)
    made = step.situation.made_model(prefixes)
    meant = MODEL_MEANT.search(step.text) or len(prefixes) < len(spec.prefixes)
    found = made or (step.situation.model(step.text, prefixes) if meant else None)
    if found:
        step.args[spec.name] = found


def _main(named: Sequence[Mention], text: str) -> list[Mention]:
    """Returns what holds the images: of a folder and its table of boxes or labels, the table."""
    images, tables = [], []
    for mention in named:
        cue, is_boxes = BESIDE.search(text[: mention.start]), BOXES.search(mention.value)
        if not cue and not is_boxes:
            images.append(mention)
        elif not (cue and cue["other"]) and path_kind(mention.value) == "file":
            tables.append(mention)
    if not images or _common_parent(named):
        return list(named)
    return tables or images


def _common_parent(found: Sequence[Mention]) -> str | None:
    """Returns the folder of images and masks that are named side by side."""
    paths = [PurePosixPath(mention.value) for mention in found]
    if len(paths) != 2 or any(path.name.casefold() not in PAIRED for path in paths):
        return None
    one, other = paths
    return str(one.parent) if one.parent == other.parent and one.parent.name else None


def _has_model(step: Step, specs: Sequence[FieldSpec]) -> bool:
    return any(spec.role == "model" and spec.name in step.args for spec in specs)


def _only_path(step: Step) -> str | None:
    """Returns the only path of the whole request."""
    named = {mention.value for mention in step.whole().datasets if mention.kind == "path"}
    return named.pop() if len(named) == 1 else None
