"""How people write: openings, endings, lower case, slips of the keyboard."""

import random
import re

OPENINGS = (
    "please ", "pls ", "can you ", "could you please ", "hi, ", "I need you to ", "hey, ",
    "I would like you to ", "quick one: ", "next: ", "ok, ", "for my paper: ",
)  # fmt: skip
ENDINGS = (" please", " pls", ", thanks", " for me", "!", "?", ".", " ...", " now")
VERBS = re.compile(
    r"(?:train|fit|build|explain|show|describe|predict|find|search|list|compute|profile|open|read|"
    r"give|run|use|apply|look|get|tell|compare|check|summari[sz]e|make|estimate|display)\b",
    re.I,
)


def vary(pieces: list[str], random_: random.Random) -> str:
    """Writes a request as somebody might.

    Args:
        pieces: Words that may be changed at even, values that may not at odd positions.
        random_: Decides.
    """
    made = list(pieces)
    if random_.random() < 0.2:
        made[::2] = [words.lower() for words in made[::2]]
    elif random_.random() < 0.1:
        made[0] = made[0][:1].upper() + made[0][1:]
    if random_.random() < 0.12:
        place = random_.choice(range(0, len(made), 2))
        made[place] = _mistyped(made[place], random_)
    if random_.random() < 0.15:
        made[-1] = made[-1].rstrip(" .!?")
        if random_.random() < 0.6:
            made[-1] += random_.choice(ENDINGS)
    if VERBS.match(made[0]) and random_.random() < 0.2:
        made[0] = random_.choice(OPENINGS) + made[0][:1].lower() + made[0][1:]
    return "".join(made).strip()


def _mistyped(words: str, random_: random.Random) -> str:
    """Swaps, drops or doubles a letter inside one of the longer words."""
    long = list(re.finditer(r"[A-Za-z]{5,}", words))
    if not long:
        return words
    word = random_.choice(long)
    place = random_.randint(word.start() + 1, word.end() - 2)
    pair = words[place : place + 2]
    slip = random_.choice((pair[::-1], pair[0], pair[0] + pair))
    return words[:place] + slip + words[place + 2 :]
