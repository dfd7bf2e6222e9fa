"""Fills the proteins that an affinity model is asked about."""

from collections.abc import Sequence
from dataclasses import replace

from agent.llm.embedded.domains.molecules.proteins import NAMED, PARTS
from agent.llm.embedded.filling.step import Step
from agent.llm.embedded.schema import FieldSpec

FAMILY = "aff"


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
