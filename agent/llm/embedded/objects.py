"""The things a step works on: its dataset, its test dataset, its model, molecules and article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.llm.embedded.domains.molecules.groups import find_substructures
from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.mentions.molecules import structure_of

TEST_CUE = re.compile(
    r"\b(?:test(?:s|ed|ing)?(?:[\s_-]?(?:set|data|dataset|file))?|evaluat\w+|validat\w+|"
    r"report\w*|external(?:ly)?(?:\s+\w+){0,2}|hold[\s-]?out|check\w*|assess\w*|score|"
    r"measure\w*|performance|published split|unseen)\b[^.;\n]{0,40}$",
    re.I,
)
SAVE_CUE = re.compile(
    r"(?<!\bi )(?<!['’]ve )(?<!\bhave )"
    r"\b(?:save|write|store|export|output|dump|put)\b[^.;,\n]{0,40}\b(?:to|as|in|into|under|"
    r"at)?\s*[:=]?\s*$",
    re.I,
)
DISEASE_BEFORE = re.compile(
    r"\b(?:gestational|type\s+(?:1|2|I|II|one|two)|with|have|has|having|without|diagnose|diagnosing|"
    r"develop|develops|detect|detecting|of|against|pre-?|no|non-?|target|outcome|label|predict|"
    r"predicting|for|get|gets)\s*$",
    re.I,
)
DISEASE_AFTER = re.compile(
    r"^\s*(?:patients?|recurrence|risk|survival|mortality|mellitus|status|cases|treatment|"
    r"diagnosis|onset|relapse|subtypes?|\s*[=:]|yes\b|no\b|-related|inhibitors?|mutat\w+|"
    r"slope)",
    re.I,
)
PROTEIN_AFTER = re.compile(
    r"^[\s-]+(?:[A-Z]?\d[A-Za-z]?\s+|alpha\s+|beta\s+|type\s+\w+\s+)?(?:receptor|transporter|"
    r"reductase|oxidase|esterase|synthase|hydrolase|kinase)s?\b",
    re.I,
)
"""Makes a compound part of a protein's name: the dopamine D2 receptor."""
JOINED = re.compile(r"^\s*(?:,|,?\s*(?:and|&|or|versus|vs\.?|with|plus|\+))\s*$", re.I)


@dataclass(frozen=True)
class Objects:
    """What a text names, sorted by what a tool can do with it."""

    datasets: tuple[Mention, ...]
    test_datasets: tuple[Mention, ...]
    outputs: tuple[Mention, ...]
    models: tuple[Mention, ...]
    molecules: tuple[Mention, ...]
    articles: tuple[Mention, ...]

    @property
    def used(self) -> tuple[Mention, ...]:
        """Every mention that is an object, so that nothing else is read into its letters."""
        return (
            *self.datasets, *self.test_datasets, *self.outputs, *self.models, *self.molecules,
        )  # fmt: skip


def find_objects(text: str, mentions: Sequence[Mention]) -> Objects:
    """Sorts the mentions of a text by what they are for."""
    tables = _tables(text, mentions)
    outputs = tuple(m for m in tables if m.kind == "path" and SAVE_CUE.search(text[: m.start]))
    inputs = tuple(m for m in tables if m not in outputs)
    tests = tuple(m for m in inputs if TEST_CUE.search(_clause(text, m, inputs)))
    if len(tests) == len(inputs):
        tests = ()
    return Objects(
        datasets=tuple(m for m in inputs if m not in tests),
        test_datasets=tests,
        outputs=outputs,
        models=tuple(m for m in mentions if m.kind == "model"),
        molecules=_molecules(text, mentions),
        articles=tuple(m for m in mentions if m.kind == "article"),
    )


def _tables(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Returns files and built-in datasets; doubtful names count only where nothing surer is."""
    paths = tuple(m for m in mentions if m.kind == "path")
    known = tuple(m for m in mentions if m.kind == "dataset" and m.certain)
    if paths or known:
        return tuple(sorted((*paths, *known)))
    return tuple(
        m
        for m in mentions
        if m.kind == "dataset"
        and not DISEASE_BEFORE.search(text[: m.start])
        and not DISEASE_AFTER.match(text[m.end :])
    )


def _clause(text: str, mention: Mention, others: Sequence[Mention]) -> str:
    """Returns the words before a mention, from the mention before it on."""
    start = max((m.end for m in others if m.end <= mention.start), default=0)
    return text[start : mention.start]


def _molecules(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Returns SMILES, with the compounds listed with them; compounds alone where no SMILES is."""
    parts = {place for place, _, _ in find_substructures(text)}
    written = [m for m in mentions if m.kind == "smiles" and m.start not in parts]
    spoken = [
        m for m in mentions if m.kind == "compound" and not PROTEIN_AFTER.match(text[m.end :])
    ]
    if not written:
        return tuple(spoken)
    row = sorted([*written, *spoken])
    joined = [bool(JOINED.match(text[a.end : b.start])) for a, b in pairwise(row)]
    chosen = [mention.kind == "smiles" for mention in row]
    for _ in row:  # along a list: aspirin, ibuprofen and CCO
        chosen = [
            chosen[i]
            or (i > 0 and joined[i - 1] and chosen[i - 1])
            or (i < len(joined) and joined[i] and chosen[i + 1])
            for i in range(len(row))
        ]
    structures = {structure_of(mention.value) for mention in written}
    return tuple(
        mention
        for mention, is_listed in zip(row, chosen, strict=True)
        # Named and written is one molecule: sodium benzoate, [Na+].[O-]C(=O)c1ccccc1
        if is_listed and (mention.kind == "smiles" or structure_of(mention.value) not in structures)
    )
