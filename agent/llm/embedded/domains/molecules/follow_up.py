"""Questions on molecules that only the turn before makes plain: its logP, why, what it touches."""

import re
from collections.abc import Sequence

from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.situation import fits
from agent.plan import Memory, PlannedCall

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

KNOWS = re.compile(
    r"\bproteins?\b.{0,30}\b(?:it|model)\b.{0,30}\b(?:know|cover|train|learn|include)\w*|"
    r"\bproteins?\b.{0,20}\b(?:known|covered|included)\b", re.I,
)  # fmt: skip
"""Asks which proteins a model of affinities knows."""

NOVELTY = re.compile(
    r"\bhow\s+(?:novel|new|diverse|valid|unique|good|realistic)\b.{0,20}\b(?:its|it|the generator|"
    r"(?:the|its) molecules)\b", re.I,
)  # fmt: skip
"""Asks what a generator was found to write."""

CONTACTS = re.compile(
    r"\b(?:residues?|contacts?|touch\w*|interact\w*|hydrogen bonds?|h-bonds?|salt bridges?|"
    r"stacking|poses?|binding mode|amino acids?)\b", re.I,
)  # fmt: skip
"""What a docking tells beside its scores."""


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


def asks_about_model(text: str, memory: Memory) -> PlannedCall | None:
    """Returns the description of the newest model of a kind, where that is what a text asks for."""
    for asked, prefix, tools in (
        (KNOWS, "aff", AFTER_MODEL),
        (NOVELTY, "gen", ("train_molecule_generator", "generate_molecules", "describe_model")),
    ):
        newest = next((name for name in memory.models if fits(name, (prefix,))), None)
        if newest and memory.last and memory.last.tool in tools and asked.search(text):
            return PlannedCall(request=text, tool="describe_model", args={"model": newest})
    return None


def docked_again(text: str, memory: Memory) -> PlannedCall | None:
    """Returns the last docking, where a text asks for the contacts that it found.

    The same seed gives the same poses.
    """
    last = memory.last
    if last and last.tool == "dock_molecules" and CONTACTS.search(text) and POINTS.search(text):
        return last.model_copy(update={"request": text})
    return None
