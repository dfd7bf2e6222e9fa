"""Labels within abstracts (`BACKGROUND: … METHODS: …`) taken out of the text."""

import re

from retrieval.documents.document import Section

LABEL = re.compile(r"(?:^|(?<=[.?!)\]%\"'”;:]))\s*([A-Z][A-Z ,&/()'-]{2,80}[A-Z)]):\s+")
KNOWN = frozenset(
    "AIM AIMS ANALYSIS APPROACH BACKGROUND CASE CONCERNS CONCLUSION CONCLUSIONS CONTEXT CRITERIA "  # noqa: SIM905  # as words they can be read
    "DESIGN DIAGNOSES DISCUSSION EXPOSURE EXTRACTION FINDINGS FUNDING GOAL HYPOTHESIS IMPLICATIONS "
    "IMPORTANCE INTERPRETATION INTERVENTION INTERVENTIONS INTRODUCTION LESSONS LIMITATIONS "
    "MATERIALS MEASUREMENTS MEASURES METHOD METHODOLOGY METHODS OBJECTIVE OBJECTIVES OBSERVATIONS "
    "OUTCOME OUTCOMES PARTICIPANTS PATIENTS POPULATION PRESENTATION PURPOSE QUESTION RATIONALE "
    "REGISTRATION RELEVANCE RESULT RESULTS SELECTION SETTING SETTINGS SIGNIFICANCE SOURCES "
    "STATEMENT SUBJECTS SYNTHESIS".split()
)
"""Words of which a label has at least one; others in capitals are names."""


def split_labels(abstract: str) -> tuple[str, list[Section]]:
    """Takes the labels out of an abstract that begins with one.

    Returns:
        The text, in which one space is where each label was, and the parts with their labels; an
        abstract without labels as it is.
    """
    if not LABEL.match(abstract):
        return abstract, []
    marks = [mark for mark in LABEL.finditer(abstract) if KNOWN & set(_words(mark[1]))]
    if not marks or marks[0].start() != 0:
        return abstract, []
    text, sections = "", []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        part = abstract[mark.end() : after.start() if after else None].strip()
        if part:
            text += " " if text else ""
            sections.append(Section(label=mark[1], start=len(text), end=len(text) + len(part)))
            text += part
    return text, sections


def _words(label: str) -> list[str]:
    return re.split(r"[^A-Z]+", label)
