"""What people ask of molecules that the tool which comes nearest to it does not do."""

import re

_KINDS = (
    "that kind of molecule (the generators write small drug-like ones)",
    r"\bmacrocycl\w+|\bprotacs?\b|\bdegraders?\b|\bpeptides?\b|\bantibod\w+|\bpolymers?\b|"
    r"\bnatural products?\b|\boligonucleotid\w+|\bsirna\b",
)

BEYOND: dict[str, tuple[tuple[str, str], ...]] = {
    "profile_molecules": (
        ("clustering", r"\bcluster\w*"),
        ("principal components", r"\bpca\b|\bprincipal components?\b|\bt-?sne\b|\bumap\b"),
        ("matched molecular pairs", r"\bmatched (?:molecular )?pairs?\b|\bmmps?\b"),
        ("IUPAC names", r"\biupac\b|\bsystematic names?\b"),
        ("conformers", r"\bconformers?\b|\b3-?d (?:structures?|coordinates|mol)\b"),
        ("stereoisomers", r"\benumerat\w+\b.{0,20}\b(?:stereo)?isomers\b|\bdiastereomers\b"),
        (
            "a search within a file (of many molecules, all are profiled)",
            r"\bsubstructure search\b|\b(?:search|find)\b.{0,40}\bsimilar\b.{0,40}\bin\b|"
            r"\bnearest neighbou?rs?\b",
        ),
        ("merging or linking molecules", r"\b(?:merg\w+|linkers?|hybrids?)\b"),
        ("spectra", r"\b(?:nmr|ir|mass|uv)[\s-]+spectr\w+"),
    ),
    "dock_molecules": (
        ("flexible side chains", r"\bflexible (?:dock\w*|side chains?|residues?|receptor)\b"),
        ("covalent docking", r"\bcovalent(?:ly)? dock\w*|\bdock\w* covalent"),
        ("molecular dynamics", r"\bmolecular dynamics\b|\bmd\b|\bmm-?[gp]bsa\b|\bfep\b"),
        ("GPUs", r"\bgpus?\b|\bcuda\b"),
    ),
    "generate_molecules": (
        (
            "activity (name a protein to dock into or a trained model, and ask for a search)",
            r"\b(?:[\w-]+ )?(?:inhibitors?|(?:ant)?agonists?|blockers?|modulators?)\b|"
            r"\b(?:antibiotic|antiviral|anti-?cancer|antifungal|antimalarial|active|potent)s?\b",
        ),
        _KINDS,
        (
            "a new scaffold in an old one's place",
            r"\bscaffold[\s-]?hop\w*|\bhop\b.{0,15}\bscaffold",
        ),
    ),
    "optimize_molecules": (
        _KINDS,
        (
            "what only measurements tell (train a property model on them, and name it)",
            r"\bherg\b|\bmetabolic stability\b|\bclearance\b|\bhalf-?life\b|\bcyp\s?\d\w*|"
            r"\bselectiv\w+|\bpoten(?:t|cy)\b|\bpermeability\b|\bside effects?\b",
        ),
    ),
}
"""By tool: what it is called, and the words that ask for it."""


def find_beyond(tool: str, text: str) -> tuple[str, ...]:
    """Returns what a text asks for and its tool does not do.

    Args:
        tool: Its name.
        text: The words, typed things blanked.
    """
    return tuple(
        called for called, asked in BEYOND.get(tool, ()) if re.search(asked, text, re.IGNORECASE)
    )
