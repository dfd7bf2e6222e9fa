"""Abbreviations that a text defines: `chronic kidney disease (CKD)`.

Source:
    The matching rule is that of Schwartz and Hearst 2003, doi:10.1142/9789812776303_0042: each
    character of the short form is found in the long form, from the right; the first begins a word.
"""

import re

SHORT = r"[A-Za-z0-9][\w.+/'’-]{0,11}(?: [\w.+/-]{1,8})?"
SHORT_AFTER = re.compile(rf"\(\s*({SHORT})\s*(?=[),;])")
BREAK = re.compile(r"[.;:!?()\[\]]\s|[()\[\]]")
MOST_EXTRA_WORDS = 5


def find_abbreviations(text: str) -> dict[str, str]:
    """Returns the long form of each short form that the text defines; the first definition holds.

    >>> find_abbreviations("Patients with chronic kidney disease (CKD) were included.")
    {'CKD': 'chronic kidney disease'}
    """
    found: dict[str, str] = {}
    for match in SHORT_AFTER.finditer(text):
        short = match[1].strip()
        letters = sum(character.isalnum() for character in short)
        if letters < 2 or not any(character.isalpha() for character in short) or short in found:
            continue
        words = BREAK.split(text[: match.start()])[-1].split()
        most = min(letters + MOST_EXTRA_WORDS, 2 * letters)
        long = long_form(short, " ".join(words[-most:]))
        if long and len(long) > len(short) and short not in long.split():
            found[short] = long.strip(" ,-–\"'")
    return found


def long_form(short: str, before: str) -> str | None:
    """Returns the shortest ending of the words before that holds the short form's characters.

    >>> long_form("CKD", "patients with chronic kidney disease")
    'chronic kidney disease'
    """
    place = len(before)
    characters = [character.casefold() for character in short if character.isalnum()]
    for index in range(len(characters) - 1, -1, -1):
        place -= 1
        while place >= 0 and not (
            before[place].casefold() == characters[index]
            and (index > 0 or place == 0 or not before[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return None
    return before[place:]
