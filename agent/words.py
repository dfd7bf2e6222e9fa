"""Word lists, written as text."""


def word_list(text: str) -> tuple[str, ...]:
    """Returns the words of a text that are separated by blanks, in order."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """Returns the words of a text that are separated by blanks."""
    return frozenset(text.split())
