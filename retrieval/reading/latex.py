"""LaTeX's marks in bibliographies read as the characters that they stand for."""

import re
import unicodedata

COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
SYMBOLS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "textregistered": "®", "texttrademark": "™",
    "textdegree": "°", "degree": "°", "textpm": "±", "pm": "±", "times": "×", "cdot": "·",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "approx": "≈", "sim": "∼", "neq": "≠",
    "infty": "∞", "rightarrow": "→", "to": "→", "mu": "μ", "textmu": "μ", "textless": "<",
    "textgreater": ">", "textasciitilde": "~", "textbackslash": "\\", "ldots": "…", "dots": "…",
    "textperiodcentered": "·", "textsuperscript": "", "textsubscript": "", "copyright": "©",
}  # fmt: skip
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda nu xi omicron pi rho sigma "
    "tau upsilon phi chi psi omega"
)
SYMBOLS |= {
    spelt: unicodedata.lookup(f"GREEK {size} LETTER {'LAMDA' if name == 'lambda' else name}")
    for name in GREEK.split()
    for spelt, size in ((name, "SMALL"), (name.capitalize(), "CAPITAL"))
} | {"varepsilon": "ε", "varphi": "φ", "vartheta": "ϑ"}

ACCENT = re.compile(
    r"\\(?:([`'^~=.\"])\s*|([uvHrdckb])(?=[\s{\\]))\s*(?:\{\s*(\\?[^\W\d_]?)\s*\}|(\\[ij](?![a-zA-Z])|[^\W\d_]))"
)
COMMAND = re.compile(r"\\([a-zA-Z]+)\*?(?:\s+|(?=[^a-zA-Z])|$)(?:\{\})?")
ESCAPED = re.compile(r"\\([&%$#_{} ,;:!/])")
MARKS = re.compile(r"[\\{}$~]|--|``|''|\n")


def plain_text(value: str) -> str:
    """Returns a field of a bibliography as plain text: no braces, accents composed."""
    if not MARKS.search(value):
        return value.strip()
    text = ACCENT.sub(_accented, value)
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[1])
        return "\0"  # so that escaped braces and dollars outlive the removal of the others

    text = ESCAPED.sub(keep, text.replace("\0", ""))
    text = COMMAND.sub(lambda found: SYMBOLS.get(found[1], ""), text)
    text = text.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    text = text.replace("~", " ").replace("\\\\", " ")
    text = re.sub(r"[{}$]", "", text)
    text = re.sub("\0", lambda _: kept.pop(0).strip("/!,;:") or " ", text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _accented(found: re.Match[str]) -> str:
    letter = (found[3] if found[3] is not None else found[4]).lstrip("\\")
    return unicodedata.normalize("NFC", letter + COMBINING[found[1] or found[2]])
