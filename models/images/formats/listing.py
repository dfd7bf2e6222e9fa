"""Names of files, as many as a sentence bears."""

from collections.abc import Collection

SHOWN = 5


def listed(names: Collection[str]) -> str:
    """Returns the first names, and how many more there are."""
    shown = ", ".join(list(names)[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
