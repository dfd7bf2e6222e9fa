"""Proteins that a request names as they are written: by symbol or sequence."""

import re

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
