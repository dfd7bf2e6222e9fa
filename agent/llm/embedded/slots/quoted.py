"""Names in quotation marks, made one word each: "IC50 (nM)" is a name, not a name and a unit."""

import re

_QUOTED = re.compile(r"(?<!\w)[\"'`“‘]([^\"'`“”‘’\n]{1,60})[\"'`”’](?!\w)")
_PARTING = " ()[]{}<>/\\%.,:;+-=&#*°²³^|@!?~$"
_GLUE = {ord(mark): chr(0x16A0 + place) for place, mark in enumerate(_PARTING)}
"""Runes, which nobody writes in a request and which count as letters."""
_RELEASE = {ord(rune): chr(mark) for mark, rune in _GLUE.items()}


def glue(text: str) -> str:
    """Returns a text of the same length in which each quoted name is one word."""
    return _QUOTED.sub(lambda match: match[0][0] + match[1].translate(_GLUE) + match[0][-1], text)


def release(name: str) -> str:
    """Returns a name as it was quoted."""
    return name.translate(_RELEASE)
