"""Abstracts whose sentences carry a role, in the layout of NICTA-PIBOSO.

`###PMID` begins an abstract, each further line is a role, a tab and a sentence, and an empty line
ends the abstract. Kim et al. 2011 (doi:10.1186/1471-2105-12-S2-S5) describe the roles; where a
sentence had several, Jin and Szolovits 2018 (arXiv:1808.06161) kept the commonest one.
"""

from dataclasses import dataclass, field
from pathlib import Path

from models.errors import FieldFault, ToolError

ROLES = ("background", "population", "intervention", "study design", "outcome", "other")
MOST_FAULTS = 20


@dataclass
class LabelledAbstract:
    """An abstract.

    Attributes:
        name: What follows the hashes, a PMID.
        sentences: Its sentences, in order.
        roles: One of `ROLES` for each sentence.
    """

    name: str
    sentences: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)


def read_abstracts(path: Path) -> list[LabelledAbstract]:
    """Reads a file of labelled abstracts; those without a sentence are left out.

    Raises:
        ToolError: It is not there, lines are not of the layout (all are named, up to twenty), or
            it holds no abstract.
    """
    if not path.is_file():
        raise ToolError(f"There is no file {path}.", kind="not_found")
    abstracts: list[LabelledAbstract] = []
    faults: list[FieldFault] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if line.startswith("###"):
            abstracts.append(LabelledAbstract(line[3:].strip()))
            continue
        if not line.strip():
            continue
        role, tab, sentence = line.partition("\t")
        role = role.strip().casefold()
        expected = ""
        if not abstracts:
            expected = "###PMID before the first sentence"
        elif not tab or not sentence.strip():
            expected = "a role, a tab and a sentence"
        elif role not in ROLES:
            expected = f"one of the roles {', '.join(ROLES)}"
        if expected:
            faults.append(
                FieldFault(field=f"{path.name}, line {number}", got=line[:60], expected=expected)
            )
            continue
        abstracts[-1].sentences.append(sentence.strip())
        abstracts[-1].roles.append(role)
    if faults:
        message = f"{path} has {len(faults)} lines that are not of NICTA-PIBOSO's layout."
        raise ToolError(message, *faults[:MOST_FAULTS], kind="refused_data")
    found = [abstract for abstract in abstracts if abstract.sentences]
    if not found:
        raise ToolError(f"{path} holds no abstract.", kind="refused_data")
    return found
