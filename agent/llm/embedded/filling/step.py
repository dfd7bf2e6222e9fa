"""One step's words while its arguments are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.llm.embedded.domains.tables.columns import ColumnText
from agent.llm.embedded.mentions import Mention
from agent.llm.embedded.objects import Objects
from agent.llm.embedded.schema import FieldSpec
from agent.llm.embedded.situation import Situation
from models.data.builtin import BUILT_INS, BuiltIn


@dataclass
class Step:
    """The words of one step while its arguments are read.

    Attributes:
        text: The words, numbers in digits.
        objects: The things they name.
        situation: What they may refer to.
        columns: The words from which columns are taken one after the other.
        whole: Reads the things which the whole request names.
        args: The arguments found so far.
        alternatives: All values named for an argument that takes one.
    """

    text: str
    objects: Objects
    situation: Situation
    columns: ColumnText
    whole: Callable[[], Objects]
    args: dict[str, Any] = field(default_factory=dict)
    alternatives: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def visible(self) -> str:
        """The words without the typed things and the columns already taken."""
        return self.columns.text

    @property
    def built_in(self) -> BuiltIn | None:
        """The built-in dataset that the step works on, if it is one."""
        return BUILT_INS.get(str(self.args.get("dataset")))

    @property
    def spoken_columns(self) -> dict[str, str]:
        """The built-in dataset's columns by what people call them, in lower case."""
        entry = self.built_in
        if entry is None:
            return {}
        spoken = {alias: name for name, aliases in entry.aliases.items() for alias in aliases}
        return spoken | {name.casefold(): name for name in (*entry.aliases, *entry.units)}


Filler = Callable[[FieldSpec, Step, Sequence[FieldSpec]], None]
"""Puts the value of one argument into a step, where the words give it."""


def take(spec: FieldSpec, step: Step, found: Sequence[Mention]) -> None:
    """Takes the first of several things and keeps the others as alternatives."""
    values = list(dict.fromkeys(mention.value for mention in found))
    step.args[spec.name] = values[0]
    step.alternatives[spec.name] = values
