"""Questions that only the turn before makes plain: how big is it, its logP, which were worst."""

import re
from collections.abc import Sequence

from agent.llm.embedded.mentions import Mention
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

ON_MOLECULES = ("profile_molecules", "generate_molecules", "optimize_molecules", "dock_molecules",
                "predict")  # fmt: skip
PROPERTIES = re.compile(
    r"\b(?:c?logp|logd|logs|tpsa|psa|qed|weights?|mass(?:es)?|solub\w*|lipophil\w*|drug-?like\w*|"
    r"lipinski|veber|ghose|pains|alerts?|donors|acceptors|rotatable|rings?|formulas?|smiles|inchi\w*|"
    r"propert(?:y|ies)|accessib\w+|stereo\w+|chiral\w*|toxic\w*|structures?|profiles?|draw|"
    r"synthesi[sz]\w+|blood-brain barrier|bbb|absor\w+)\b",
    re.I,
)
POINTS = re.compile(
    r"\b(?:it|its|they|their|them|these|those|both|all (?:of|\d|two|three|four)|"
    r"this (?:one|molecule|compound)|the (?:\w+ )?ones?|molecules? \d|"
    r"the (?:first|last|best|top)(?: \d)?)\b", re.I,
)  # fmt: skip
OTHERWISE = re.compile(
    r"\b(?:papers?|articles?|literature|stud(?:y|ies)|evidence|trials?|train|fit|predict\w*|model|"
    r"dock\w*|optimi[sz]\w*|improv\w*|make|more|better|higher|lower|less|increase|reduce|analog\w*|"
    r"generate|design|similar|patients?|classif\w*|images?|column|rows?|dataset|save)\b", re.I,
)  # fmt: skip
"""Asks for something else than what the molecules are like."""

OF_MOLECULES = ("prop", "aff")
AFTER_MODEL = ("train_property_model", "train_affinity_model", "predict", "explain_model",
               "describe_model")  # fmt: skip
THE_MODEL = re.compile(r"\b(?:it|(?:the|that|this|my|our)\s+(?:\w+\s+)?model)\b", re.I)
REASONS = re.compile(r"\bwhy\b|\bexplain\w*\b|\bwhat (?:makes|drives)\b|\breasons?\b", re.I)
SAYS = re.compile(
    r"\b(?:how (?:certain|sure|confident)|think|thinks|says?|believes?|predict\w*|use|apply|run|"
    r"try|screen|score|rank|test)\b", re.I,
)  # fmt: skip
MAKES = re.compile(
    r"\b(?:train|fit|build|dock|design|generate|optimi[sz]e|make|improve|analog\w*|papers?|"
    r"articles?|literature|profile|describe)\b", re.I,
)  # fmt: skip
"""Asks for something else than what a model says of a molecule."""

ON_IMAGES = ("train_image_classifier", "train_image_segmenter", "analyze_image", "describe_model")


def asks_worst(text: str, tool: str) -> bool:
    """Tells whether a training on images is also to show where the model does worst."""
    return tool in ON_IMAGES[:2] and bool(WORST.search(text))


def asks_properties(text: str, memory: Memory) -> bool:
    """Tells whether a text asks what the molecules of the last call are like."""
    return bool(
        memory.last
        and memory.last.tool in ON_MOLECULES
        and memory.molecules
        and PROPERTIES.search(text)
        and POINTS.search(text)
        and not OTHERWISE.search(text)
    )


CONTACTS = re.compile(
    r"\b(?:residues?|contacts?|touch\w*|interact\w*|hydrogen bonds?|h-bonds?|salt bridges?|"
    r"stacking|poses?|binding mode|amino acids?)\b", re.I,
)  # fmt: skip
"""What a docking tells beside its scores."""


def asks_model(text: str, mentions: Sequence[Mention], memory: Memory) -> str | None:
    """Returns the tool that tells what the model of the turn before says of molecules, or why."""
    last = memory.last
    model = memory.models[0] if memory.models else ""
    named = any(m.kind in ("smiles", "compound", "path") for m in mentions)
    if (
        last is None
        or last.tool not in AFTER_MODEL
        or not fits(model, OF_MOLECULES)
        or not named
        or any(m.kind == "model" for m in mentions)
        or MAKES.search(text)
        or not THE_MODEL.search(text)
    ):
        return None
    if REASONS.search(text):
        return "explain_model"
    return "predict" if SAYS.search(text) else None


def follow_up(text: str, memory: Memory) -> PlannedCall | None:
    """Returns the call that answers a question about the turn before, if it is one.

    Args:
        text: The person's words, without any name of a file or model.
        memory: What earlier turns left behind.
    """
    last = memory.last
    if last and last.tool == "dock_molecules" and CONTACTS.search(text) and POINTS.search(text):
        return last.model_copy(update={"request": text})  # the same seed gives the same poses
    if last is None or last.tool not in ON_IMAGES:
        return None
    if last.tool == "analyze_image" and SIZE.search(text):
        outlining = [name for name in memory.models if fits(name, ("seg",))]
        model = last.args.get("model", outlining[0] if outlining else None)
        if not model or not fits(model, ("seg",)):
            return None
        return PlannedCall(request=text, tool=last.tool, args=last.args | {"model": model})
    newest = memory.models[0] if memory.models else ""
    if WORST.search(text) and fits(newest, ("img", "seg")):
        return PlannedCall(request=text, tool="describe_model", args={"model": newest})
    return None
