"""Commands and measurements of higher layers, found by the entry points that they declare."""

from importlib.metadata import EntryPoint, distribution

COMMANDS = "theriac.commands"
"""Group of Typer applications, each under the name of its command."""
MEASUREMENTS = "theriac.measurements"
"""Group of functions `(folder, limit) -> figures` that measure a model folder."""


def extensions(group: str) -> dict[str, EntryPoint]:
    """Returns the entry points of a group by name; one is imported when it is loaded."""
    ours = distribution("theriac").entry_points  # reading those of every package takes 70 ms
    return {point.name: point for point in ours.select(group=group)}
