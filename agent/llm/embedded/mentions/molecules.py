"""Molecules written as SMILES, each parsed by RDKit before it counts."""

import re
from collections.abc import Iterator
from functools import lru_cache

from agent.llm.embedded.mentions.compounds import find_compounds
from agent.llm.embedded.mentions.mention import Mention
from agent.words import word_set

LONGEST = 1000
"""Characters of a SMILES."""

LABEL = re.compile(r"^(?:smiles?|smi|mol(?:ecule)?s?|compounds?|ligand|drug|structure)[:=]+", re.I)
TOKEN = re.compile(r"[^\s,;\"'`“”‘’«»]+")
ALPHABET = re.compile(r"^[A-Za-z0-9@+\-\[\]()=#$%:/\\.*~>]+$")
ATOMS_ONLY = re.compile(r"^(?:Cl|Br|[BCNOPSFI])+$")
STRUCTURE = re.compile(r"[=#\[\]()@/\\]|[A-Za-z]\d|\d[A-Za-z]")
ORGANIC = re.compile(r"\[[^\[\]\s]+\]|Cl|Br|[BCNOPSFIbcnops]|[-=#:/\\().$~%0-9*]")
CUES = re.compile(
    r"\b(?:smiles?|molecules?|compounds?|ligands?|structures?|profile|logp|clogp|logd|lipinski|"
    r"ro5|rule of "
    r"(?:five|5)|veber|tpsa|psa|qed|pains|drug-?like\w*|descriptors?|fingerprints?|physchem|"
    r"hbd|hba|"
    r"molecular (?:weight|properties)|dock|optimi[sz]e|properties of|(?:prop|aff)-\d+|"
    r"(?:predict|certain|sure|confident)\b(?=.*\b(?:it|(?:that|this|the) model)\b))\b",
    re.I,
)
INCHI = re.compile(r"(?<![\w=])InChI=1S?/[A-Za-z0-9./()+,;?*-]*[A-Za-z0-9)+]")
OF_IT = re.compile(
    r"\b(?:c?logp|logd|tpsa|psa|qed|mw|(?:molecular )?(?:weight|mass|formula)|smiles|lipinski|"
    r"veber|drug-?likeness|accessibility|solubility|descriptors|draw|molecules?|compounds?)\s+"
    r"(?:(?:of|for|the|to|is|are|:)\s*)*$",
    re.I,
)
"""Stands right before a molecule, even one that looks like an acronym."""

BESIDE = re.compile(r"^\s*(?:[,;]?|,?\s*(?:and|or|versus|vs\.?|&|\+))\s*$", re.I)
ACRONYMS = word_set(
    "CNS PCI CCS IBS BNP CSF COP BCC SCC SCCS CCC PFS OS OSS CSS DFS BPS CPS NICE SOB COPS "
    "CBC CBF NPC PCP IPF CIN ICC CFS PSC PBC CPB CIS BSI CSC OCP COC PPI SSI PNS CPP NSC FSC "
    "BPO IPO INFO ION ISO CON SON NO ON OF IF IS SO IN PI BC SC PC PS CF CI CO II III FBI BBB "
    "OBC SIB CPI PIN FBC NOS BSC NIPS POC POP FCC SSC NCI NPI SNP CNN BIPOC CNV CNI SCN SPF "
    "ICP COI ICS NBS FOP NF NP CP BP FNB PICC CPC BIC OSC"
)
"""Words of medical prose that also happen to be strings of atoms."""


def find_smiles(text: str) -> Iterator[Mention]:
    """Yields SMILES and InChI, where the text is about molecules those that cannot be read, too.

    Strings of plain atoms (CCO) count only in such a text, and those that are also acronyms (CCC)
    only where a molecule is named or in a list of molecules.
    """
    for match in INCHI.finditer(text):
        yield Mention(match.start(), match.end(), "smiles", match[0])
    plain: list[Mention] = []
    acronyms: list[Mention] = []
    surely: list[Mention] = []
    is_about = bool(CUES.search(text))
    for match in TOKEN.finditer(text):
        start, token = match.start(), match[0]
        if len(token) > LONGEST:
            continue
        labelled = LABEL.match(token)
        if labelled:
            start += labelled.end()
            token = token[labelled.end() :]
        token, shift = _trim(token)
        mention = Mention(start + shift, start + shift + len(token), "smiles", token)
        if ATOMS_ONLY.match(token):
            if labelled or (len(token) > 2 and token not in ACRONYMS):
                plain.append(mention)
            elif len(token) > 2 and token == token.upper():
                (plain if OF_IT.search(text[:start]) else acronyms).append(mention)
        elif _looks_structural(token) and (is_smiles(token) or (is_about and _is_broken(token))):
            surely.append(mention)
    yield from surely
    if plain and not (surely or is_about):
        named = list(find_compounds(text))
        is_about = any(_stand_together(text, one, name) for one in plain for name in named)
    if surely or is_about or any(OF_IT.search(text[: mention.start]) for mention in plain):
        known = [*surely, *plain]
        for one in acronyms:  # along a list: CCO, CCC and COC
            if any(_stand_together(text, one, other) for other in known):
                known.append(one)
        yield from (one for one in known[len(surely) :] if is_smiles(one.value))


def _stand_together(text: str, one: Mention, other: Mention) -> bool:
    """Tells whether two molecules are neighbours in a list."""
    first, second = sorted((one, other))
    return bool(BESIDE.match(text[first.end : second.start]))


def _trim(token: str) -> tuple[str, int]:
    """Drops the sentence's punctuation; a bracket stays when its partner is inside."""
    before = len(token)
    while token and (token[0] in "*>:.?!" or (token[0] == "(" and not _closes(token))):
        token = token[1:]
    shift = before - len(token)
    while token and (
        token[-1] in ".:?!*>-"
        or (token[-1] == ")" and token.count(")") > token.count("("))
        or (token[-1] == "]" and token.count("]") > token.count("["))
    ):
        token = token[:-1]
    if len(token) > 2 and token[0] == "(" and token[-1] == ")" and _closes(token):
        return token[1:-1], shift + 1
    return token, shift


def _closes(token: str) -> bool:
    """Tells whether the bracket that opens the token is the one that ends it."""
    depth = 0
    for index, character in enumerate(token):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return index == len(token) - 1
    return False


def _is_broken(token: str) -> bool:
    """Tells whether a token can only have been meant as a SMILES, though none can be read in it."""
    return (
        len(token) > 4
        and bool(re.search(r"[=#()]|\d[A-Za-z]", token))
        and bool(
            re.fullmatch(
                r"(?:\[[^\[\]\s]+\]|Cl|Br|[BCNOPSFIcnops]|[-=#:/\\().$~%0-9*@+\[\]])+", token
            )
            and len(re.findall(r"[Cc]", token)) > 1
        )
    )


def _looks_structural(token: str) -> bool:
    if (
        len(token) < 3
        or len(token) > LONGEST
        or not ALPHABET.match(token)
        or not STRUCTURE.search(token)
    ):
        return False
    rest = ORGANIC.sub("", token)
    return not rest and bool(re.search(r"[CcNn]", token)) and not re.fullmatch(r"[\d.%-]+", token)


@lru_cache(maxsize=4096)
def structure_of(text: str) -> str | None:
    """Returns the canonical SMILES of a SMILES or known name; None where none can be read."""
    from rdkit import Chem, rdBase

    from models.molecules.chemistry.names import find_compound

    compound = find_compound(text)
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(compound.smiles if compound else text)
    return None if molecule is None else Chem.MolToSmiles(molecule, isomericSmiles=False)


@lru_cache(maxsize=4096)
def is_smiles(text: str) -> bool:
    """Tells whether RDKit reads the text as a molecule with at least one atom."""
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(text)
    return molecule is not None and molecule.GetNumAtoms() > 0
