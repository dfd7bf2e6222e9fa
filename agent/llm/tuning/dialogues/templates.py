"""Example requests as templates: words with slots, and the call that they mean in those slots."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.llm.embedded.arguments import ArgumentFiller
from agent.llm.embedded.mentions import Mention, MentionFinder, blank
from agent.llm.embedded.schema import FieldSpec
from agent.llm.embedded.situation import Situation
from agent.llm.embedded.slots.choices import find_choices
from agent.llm.embedded.vocabulary import choice_names
from agent.llm.tuning.dialogues import values
from models.data.builtin import BUILT_INS
from models.errors import ToolError
from tools.registry import Tool

Place = tuple[str | int, ...]
"""Where a value stands in the arguments: names of keys and positions in lists."""

POOLED = ("query", "target", "column", "columns")
"""Roles whose values are exchanged with those of the tool's other example requests."""
EXCHANGED = 0.6
"""Share of exchanged columns; the others are made up."""
TRIES = 8


@dataclass(frozen=True)
class Slot:
    """A part of a request's words that is the value of an argument.

    Attributes:
        start: Index of its first character.
        end: Index after its last character.
        place: Where the value stands in the arguments.
        role: The argument's role.
        value: What stands there in the example.
    """

    start: int
    end: int
    place: Place
    role: str
    value: Any


@dataclass(frozen=True)
class Template:
    """A request whose values can be exchanged.

    Attributes:
        tool: What it calls.
        text: The example's words.
        args: The example's arguments.
        slots: In the order of their places in the words.
    """

    tool: str
    text: str
    args: dict[str, Any]
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Incomplete:
    """A request that lacks an argument, with all that it lacks."""

    tool: str
    text: str
    args: dict[str, Any]
    missing: tuple[str, ...]


class TemplateMaker:
    """Reads example requests with the embedded planner's grammar; the tool is known from the file.

    Args:
        tools: By name.
    """

    def __init__(self, tools: Mapping[str, Tool]) -> None:
        self._tools = tools
        self.finder = MentionFinder(BUILT_INS)
        self.filler = ArgumentFiller(tools, self.finder)
        self._pools: dict[tuple[str, str], list[Any]] = defaultdict(list)

    def read(self, tool: str, text: str) -> Template | Incomplete | None:
        """Returns what an example request means; None where the grammar may have missed a part."""
        filled = self.filler.fill(tool, text, Situation(whole=text))
        if any(len(found) > 1 for found in filled.alternatives.values()):
            return None
        if filled.missing:
            return Incomplete(tool, text, filled.args, filled.missing)
        if not self._is_valid(tool, filled.args):
            return None
        mentions = self.finder.find(text)
        used = {str(value).casefold() for _, value in leaves(filled.args)}
        sure = (m for m in mentions if m.certain and m.kind not in ("quoted", "compound"))
        if any(m.value.casefold() not in used for m in sure):
            return None
        specs = {spec.name: spec for spec in self.filler.fields(tool)}
        slots = _slots(text, filled.args, specs, mentions)
        for slot in slots:
            if slot.role in POOLED or slot.value in BUILT_INS:
                self._pools[tool, str(slot.place[0])].append(slot.value)
        return Template(tool, text, filled.args, slots)

    def fields(self, tool: str) -> dict[str, FieldSpec]:
        """Returns a tool's arguments by name."""
        return {spec.name: spec for spec in self.filler.fields(tool)}

    def sample(
        self, template: Template, random_: random.Random
    ) -> tuple[list[str], dict[str, Any]]:
        """Exchanges the values of a template.

        Returns:
            The words in pieces, values at odd positions; and the arguments, which the tool takes.
        """
        for _ in range(TRIES):
            pieces, args = self._sampled(template, random_)
            if self._is_valid(template.tool, args):
                return pieces, args
        words = [template.text[slot.start : slot.end] for slot in template.slots]
        return _pieces(template, words), _copy(template.args)

    def _is_valid(self, tool: str, args: dict[str, Any]) -> bool:
        try:
            self._tools[tool].parse(args)
        except ToolError:
            return False
        return True

    def _sampled(
        self, template: Template, random_: random.Random
    ) -> tuple[list[str], dict[str, Any]]:
        taken: list[str] = []
        args: dict[str, Any] = _copy(template.args)
        for slot in template.slots:
            for _ in range(TRIES):
                words, value = self._exchange(template, slot, random_)
                if words not in taken:
                    break
            taken.append(words)
            _put(args, slot.place, value)
        return _pieces(template, taken), args

    def _exchange(self, template: Template, slot: Slot, random_: random.Random) -> tuple[str, Any]:
        """Returns words and value for a slot."""
        words = template.text[slot.start : slot.end]
        if slot.role == "choice":
            return self._choose(template.tool, slot, random_)
        if isinstance(slot.value, int | float):
            made = values.number_like(words, random_)
            return made, type(slot.value)(float(made))
        is_exchanged = (
            slot.role in ("query", "target")
            or words in BUILT_INS
            or (slot.role in POOLED and random_.random() < EXCHANGED)
        )
        if is_exchanged:
            made = random_.choice(self._pools[template.tool, str(slot.place[0])])
        else:
            made = _made_up(slot, words, random_)
        return made, made

    def _choose(self, tool: str, slot: Slot, random_: random.Random) -> tuple[str, Any]:
        spec = self.fields(tool)[str(slot.place[0])]
        value = random_.choice([item for item in spec.choices if item != "auto"])
        names = [name for name in choice_names(spec, value) if len(name) > 1]
        return random_.choice(names), value


def leaves(content: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yields the values in nested arguments, each with its place."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from leaves(value, (*place, name))
    elif isinstance(content, list):
        for position, value in enumerate(content):
            yield from leaves(value, (*place, position))
    else:
        yield place, content


def _pieces(template: Template, words: list[str]) -> list[str]:
    """Returns a template's words in pieces, those of the slots at odd positions."""
    pieces, last = [], 0
    for slot, given in zip(template.slots, words, strict=True):
        pieces += [template.text[last : slot.start], given]
        last = slot.end
    return [*pieces, template.text[last:]]


def _slots(
    text: str, args: dict[str, Any], specs: Mapping[str, FieldSpec], mentions: tuple[Mention, ...]
) -> tuple[Slot, ...]:
    """Finds the values that stand in the words exactly once."""
    found: list[Slot] = []
    own_columns = args.get("dataset") in BUILT_INS
    for place, value in leaves(args):
        spec = specs[str(place[0])]
        if own_columns and spec.role in ("column", "columns", "target"):
            continue  # a built-in dataset has the columns that it has
        span = (
            _choice_span(blank(text, mentions), spec, value) if spec.choices else _span(text, value)
        )
        if span and not any(span[0] < s.end and s.start < span[1] for s in found):
            role = "choice" if spec.choices else spec.role
            found.append(Slot(*span, place, role, value))
    return tuple(sorted(found, key=lambda slot: slot.start))


def _choice_span(visible: str, spec: FieldSpec, value: Any) -> tuple[int, int] | None:
    choices = find_choices(visible, {v: choice_names(spec, v) for v in spec.choices})
    spans = [(choice.start, choice.end) for choice in choices if choice.value == value]
    return spans[0] if len(spans) == 1 == len(choices) else None


def _span(text: str, value: Any) -> tuple[int, int] | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    pattern = rf"(?<![\w./\\-]){re.escape(str(value))}(?![\w/\\]|[.,-]\w)"
    spans = [match.span() for match in re.finditer(pattern, text)]
    return spans[0] if len(spans) == 1 else None


def _made_up(slot: Slot, words: str, random_: random.Random) -> str:
    match slot.role:
        case "dataset" | "path":
            return values.path_like(words, random_)
        case "model":
            return values.model_like(words, random_)
        case "article_id":
            return values.article_like(words, random_)
        case "column" | "columns":
            return values.column_like(words, random_)
        case "smiles":
            named = words.isalpha() and words.islower() and len(words) > 4
            return random_.choice(values.compound_names() if named else values.structures())
    return words


def _copy(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _copy(value) for name, value in content.items()}
    return [_copy(value) for value in content] if isinstance(content, list) else content


def _put(args: Any, place: Place, value: Any) -> None:
    for step in place[:-1]:
        args = args[step]
    args[place[-1]] = value
