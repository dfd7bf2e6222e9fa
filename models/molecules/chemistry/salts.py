"""What drugs are named with beside the drug: imatinib mesylate, sildenafil citrate."""

import re

_COUNT = r"(?:hemi|mono|di|bi|tri|sesqui)?"
SALT = (
    rf"(?:{_COUNT}(?:hydrochloride|hydrobromide|hydrate|phosphate|sulfate|sulphate|nitrate|acetate|"
    r"sodium|potassium|calcium|citrate|maleate|fumarate|mesylate|tosylate|tartrate|succinate)|"
    r"hcl|hbr|besylate|malate|methanesulfonate|bitartrate|lactate|gluconate|pamoate|"
    r"embonate|oxalate|bromide|chloride|iodide|edisylate|esylate|isethionate|trifluoroacetate|"
    r"magnesium|zinc|lithium|meglumine|tromethamine|lysine|arginine)"
)
SALTS = rf"{SALT}(?:\s+{SALT})*"
_NAMED = re.compile(rf"(?P<drug>.+?)\s+\(?(?P<salt>{SALTS})\)?", re.I)


def split_salt(name: str) -> tuple[str, str] | None:
    """Returns the drug and the salt that a name ends in; None where it ends in none."""
    found = _NAMED.fullmatch(name.strip(" \t\"'`.,;?!"))
    return (found["drug"], found["salt"]) if found else None


def salt_after(name: str, text: str) -> str | None:
    """Returns the salt that a text has right after a drug's name."""
    found = re.search(rf"\b{re.escape(name)}\s+\(?({SALTS})\b", text, re.I)
    return found[1] if found else None


def without_salt(name: str, salt: str) -> str:
    """Says that a drug stands for its salt."""
    return f"{name} is taken without its {salt}."
