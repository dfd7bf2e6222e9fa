"""Tells what a short request means that only the turn before makes whole."""

import re

from agent.plan import Memory

AGAIN = re.compile(
    r"^\W*(?:(?:and|ok|okay|please|so|then|now)\W+)*(?:"
    r"(?:do\s+)?(?:the\s+)?same(?:\s+thing)?(?:\s+again)?,?\s+(?:but\s+)?(?:with|for|on|using|at)\b|"
    r"(?:repeat|redo|rerun)(?:\s+(?:it|that|this))?,?\s+(?:but\s+)?(?:with|for|on|using|at)\b|"
    r"(?:do|run|train|try|fit|make)\s+(?:it|that|this)\s+(?:again|once more)\b|"
    r"again,?\s+(?:but\s+)?(?:with|for|on|using|at)\b|"
    r"(?:try\s+)?(?:it\s+)?with\s+(?:an?\s+)?(?![a-z]+-\d)[\w-]+(?:\s+\w+){0,3}\W*$|"
    r"make\s+(?:it|that)\s+\d+\s+\w+(?:\s+instead)?\W*$)",
    re.I,
)
"""Asks for the call of the turn before once more, with something changed."""
REPEATED = ("train_", "generate_", "optimize_", "dock_")
"""Tools whose calls are repeated so: what they make depends on choices."""


MORE = re.compile(
    r"^\W*(?:(?:and|ok|okay|please|now|then|can you|could you)\W+)*(?:generate|make|draw|give me|"
    r"show me|create|propose|design)?\s*(?:me\s+)?(?:another\s+)?(?P<count>\d+)\s+"
    r"(?:more|others?|further|new ones)(?:\s+(?:molecules|compounds|ones|of (?:them|those)))?\W*$",
    re.I,
)
"""Asks for more molecules of the same kind."""

ELLIPSIS = re.compile(
    r"^\W*(?:and|what about|how about|now|also|(?:and )?the same)\s+"
    r"(?:(?:of|for|with|about|on)\s+)?(?=\S)", re.I,
)  # fmt: skip
"""Begins a request that only names another thing."""

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
    r"\b(?:it|its|they|their|them|these|those|this (?:one|molecule|compound)|the (?:\w+ )?ones?|"
    r"molecules? \d|the (?:first|last|best|top)(?: \d)?)\b", re.I,
)  # fmt: skip
OTHERWISE = re.compile(
    r"\b(?:papers?|articles?|literature|stud(?:y|ies)|evidence|trials?|train|fit|predict\w*|model|"
    r"dock\w*|optimi[sz]\w*|improv\w*|make|more|better|higher|lower|less|increase|reduce|analog\w*|"
    r"generate|design|similar|patients?|classif\w*|images?|column|rows?|dataset|save)\b", re.I,
)  # fmt: skip
"""Asks for something else than what the molecules are like."""


def repeats(text: str, tool: str) -> bool:
    """Tells whether a text asks for the last call again, and its tool is one of those repeated."""
    again = tool.startswith(REPEATED) and AGAIN.match(text)
    return bool(again or (tool == "generate_molecules" and MORE.match(text)))


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
