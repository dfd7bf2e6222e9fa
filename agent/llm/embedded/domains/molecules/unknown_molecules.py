"""Names that can only be those of molecules, known here or not: of others the tool says so."""

import re
from collections.abc import Collection

DRUG = re.compile(
    r"(?<![\w./-])[a-z]{3,}(?:nib|ciclib|parib|lisib|zomib|pril|sartan|statin|prazole|conazole|"
    r"dipine|gliptin|gliflozin|glitazone|cillin|cycline|floxacin|mycin|vir|vudine|oxetine|triptan|"
    r"setron|caine|azepam|azolam|profen|coxib|dronate|tidine|xaban|gatran|platin|rubicin|taxel|"
    r"trexate|lukast|afil|olol|asone|onide)(?![\w./-])", re.I,
)  # fmt: skip
"""Words spelt like drugs (stems of international nonproprietary names), known here or not."""

UNKNOWN = re.compile(
    r"(?:\b(?:c?logp|tpsa|psa|qed|(?:molecular )?weight|mass|formula|smiles|inchi(?:key)?|"
    r"structure|lipophilicity|drug-?likeness|propert(?:y|ies)|profile)\s+(?:of|for)|"
    r"^\W*(?:please\s+)?(?:profile|draw))\s+(?!(?:molecules?|compounds?|drugs?|these|those|them|"
    r"this|that|everything|anything|conclusions?|patients?|structures?|smiles|ligands?)\b)"
    r"([a-z][a-z-]{3,}[a-z])\W*$", re.I,
)  # fmt: skip
"""A single word where a molecule must be named."""

UNKNOWN_LIGAND = re.compile(
    r"\bdock\s+(?!(?:it|its|them|these|those|this|that|molecules?|compounds?|drugs?|ligands?|hits?|"
    r"something|anything|everything|some|all|best|each|both|again|please)\b)"
    r"([a-z][a-z-]{3,}[a-z])\s+(?:in(?:to)?|to|against|with|on(?:to)?)\b", re.I,
)  # fmt: skip
"""A molecule that is to be docked."""

_NAME = (
    r"(?!(?:molecules?|compounds?|drugs?|leads?|hits?|ligands?|inhibitors?|binders?|candidates?|"
    r"structures?|them|those|these|this|that|it|its|their|his|your|our|my|the|an?|any|some|all|known|"
    r"approved|something|anything|everything|c?logp|qed|tpsa|solub\w*|lipophil\w*|weight|binding|"
    r"affinity|potency|activity|propert\w*|drug-?like\w*|docking|toxicity|lipinski|veber|interest|"
    r"predict\w*|prop|aff|what|which|such|similar|new|novel|better)\b)[A-Za-z][\w-]{2,}"
)
UNKNOWN_START = re.compile(
    rf"\b(?:analog(?:ue)?s?|derivatives?|congeners?|(?:bio)?isosteres?)\s+of\s+(?P<of>{_NAME})|"
    rf"\b(?P<its>{_NAME})['’]s\s+(?:c?logp|qed|tpsa|solubility|lipophilicity|weight|polarity)\b|"
    rf"^\W*(?:please\s+)?(?:optimi[sz]e|improve|modify)\s+(?P<one>{_NAME})\s+(?:for|towards|so)\b",
    re.I,
)
"""A molecule that a design starts from."""


def find_unknown(text: str, roles: Collection[str]) -> str | None:
    """Returns the name of the molecule that a tool needs, where none that is known is named.

    Args:
        text: The words, typed things blanked.
        roles: Of the tool's arguments.
    """
    if "objective" in roles:
        match = UNKNOWN_START.search(text)
        return (match["of"] or match["its"] or match["one"]) if match else None
    match = (UNKNOWN_LIGAND if "protein" in roles else UNKNOWN).search(text)
    return match[1] if match else None
