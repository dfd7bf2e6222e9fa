"""Fills the proteins that an affinity model is asked about."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.llm.embedded.filling.step import Step
from agent.llm.embedded.schema import FieldSpec

FAMILY = "aff"
PROTEIN = (
    r"(?!(?:SMILES|CSV|TSV|FASTA|QED|I|Kd|Ki|IC50|pKd|pKi|pIC50)\b)"
    r"(?:[A-Z][A-Za-z]*-?[A-Z0-9][A-Za-z0-9-]*(?:\([\w-]+\))?p?|[A-Z]{25,}|[A-Z]{2,6})"
)
NAMED = re.compile(
    r"\b(?:for|and|against|to|with|on|at|of|vs\.?|versus|binds?|binding|inhibits?|hits?)\s+(?:the\s+)?"
    r"(?:proteins?\s+|targets?\s+|kinases?\s+|receptors?\s+|sequences?\s+)?"
    rf"(?P<names>{PROTEIN}(?:\s*(?:,|and|or|&|/|,\s*and)\s*{PROTEIN})*)(?![\w/.-]*\.\w)"
)
PARTS = re.compile(r"\s*(?:,\s*and|,|\band\b|\bor\b|&|/)\s*")


def fill_proteins(spec: FieldSpec, step: Step, specs: Sequence[FieldSpec]) -> None:
    """Takes the proteins named, where it is an affinity model that is asked.

    A protein may be called like a dataset (EGFR): the dataset is then not meant.
    """
    named = step.objects.models
    model = named[0].value if named else step.situation.model(step.text, [FAMILY])
    if not model or not step.situation.makes(str(model), [FAMILY]):
        return
    taken = [(m.start, m.end) for m in (*step.objects.molecules, *step.objects.models)]
    for match in NAMED.finditer(step.text):
        start, end = match.span("names")
        if any(start < last and first < end for first, last in taken):
            continue
        step.args[spec.name] = PARTS.split(match["names"])

        outside = tuple(m for m in step.objects.datasets if m.end <= start or end <= m.start)
        step.objects = replace(step.objects, datasets=outside)
        return
