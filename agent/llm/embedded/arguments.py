"""Fills the arguments of a tool from the words of a step, by the roles in the tool's schema."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.llm.embedded.domains.molecules.beyond import find_beyond
from agent.llm.embedded.domains.tables.columns import ColumnText
from agent.llm.embedded.filling import FILLERS, Step, fill_stated_columns
from agent.llm.embedded.mentions import Mention, MentionFinder, blank
from agent.llm.embedded.objects import Objects, find_objects
from agent.llm.embedded.schema import FieldSpec, read_fields
from agent.llm.embedded.situation import MADE, Situation, fits
from agent.llm.embedded.slots.choices import find_choices
from agent.llm.embedded.slots.numbers import in_digits
from agent.llm.embedded.slots.options import find_missing_options
from agent.llm.embedded.vocabulary import NEEDED_FOR_FILES, choice_names
from models.data.builtin import BUILT_INS
from tools.registry import Tool

Args = dict[str, Any]
OBJECT_ROLES = ("dataset", "images", "records", "smiles", "text", "path")
"""Roles of the things that a call works on."""

ALGORITHMS = ("algorithm", "architecture")
NETWORK = re.compile(
    r"\b(?:cnns?|conv\w*|neural net\w*|networks?|deep learning|deep net\w*)\b", re.IGNORECASE
)
"""What stands for any architecture of a network."""


@dataclass(frozen=True)
class Filled:
    """A call as far as the words go.

    Attributes:
        args: What was found.
        missing: Names of the arguments without which the call cannot be made.
        alternatives: All values that the words name for an argument that takes one.
        refused: Options of a training that the words ask for and the tool does not have.
    """

    args: Args
    missing: tuple[str, ...] = ()
    alternatives: dict[str, list[Any]] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


class ArgumentFiller:
    """Fills arguments.

    Args:
        tools: By name.
        finder: Finds typed things.
    """

    def __init__(self, tools: Mapping[str, Tool], finder: MentionFinder) -> None:
        self._fields = {name: read_fields(tool) for name, tool in tools.items()}
        self._finder = finder

    def fields(self, tool: str) -> tuple[FieldSpec, ...]:
        """Returns the fields of a tool."""
        return self._fields[tool]

    def roles(self, tool: str) -> set[str]:
        """Returns the roles that a tool's arguments have; a model beside the point is none."""
        return {
            role
            for spec in self._fields[tool]
            if spec.role != "model" or spec.name == "model"
            for role in (spec.role, *spec.also)
        }

    def takes_model(self, tool: str, name: str) -> bool:
        """Tells whether a tool takes a model of that name, as far as its schema says."""
        prefixes = [spec.prefixes for spec in self._fields[tool] if spec.role == "model"]
        return any(fits(name, fitting) for fitting in prefixes)

    def names_algorithm(self, tool: str, visible: str) -> bool | None:
        """Tells whether words name one of a tool's algorithms; None where it has none to choose.

        Args:
            tool: Its name.
            visible: The words, typed things blanked.
        """
        specs = [spec for spec in self._fields[tool] if spec.name in ALGORITHMS and spec.choices]
        if not specs:
            return None
        names = {value: choice_names(specs[0], value) for value in specs[0].choices}
        names.pop("auto", None)
        is_network = specs[0].name == "architecture" and bool(NETWORK.search(visible))
        return is_network or bool(find_choices(visible, names))

    def fill(self, tool: str, text: str, situation: Situation) -> Filled:
        """Reads the arguments of a tool from a step's words.

        Args:
            tool: Its name.
            text: The step's words.
            situation: What the words may refer to.
        """
        text = self._in_digits(text)
        specs = self._fields[tool]
        mentions = self._finder.find(text)
        objects = find_objects(text, mentions)
        reads = _reads_molecules(specs, text, objects, situation)
        hidden = [mention for mention in objects.used if mention.kind != "compound" or reads]
        step = Step(
            text, objects, situation, self._columns(text, hidden, specs), self._whole(situation)
        )
        for spec in specs:
            if spec.role == "columns":
                fill_stated_columns(spec, step, specs)
        for role, filler in FILLERS.items():
            for spec in sorted(specs, key=_column_order):
                if spec.role == role and spec.name not in step.args:
                    filler(spec, step, specs)
        _pair_from_features(specs, step.args)
        args = {
            spec.name: step.args[spec.name]
            for spec in specs
            if spec.name in step.args and step.args[spec.name] != "auto"
        }
        is_training = tool in MADE
        refused = _refused(specs, step, args) if is_training else find_beyond(tool, step.visible)
        return Filled(args, tuple(missing_arguments(specs, args)), step.alternatives, refused)

    @staticmethod
    def _columns(text: str, hidden: Sequence[Mention], specs: Sequence[FieldSpec]) -> ColumnText:
        """Prepares the words for reading columns: names of algorithms are none."""
        words = {
            name.casefold() for spec in specs for value in spec.choices
            for name in choice_names(spec, value)
        }  # fmt: skip
        return ColumnText(blank(text, hidden), lambda word: word.casefold() in words)

    def _whole(self, situation: Situation) -> Callable[[], Objects]:
        """Makes a function that reads the things which the whole request names."""
        text = self._in_digits(situation.whole)
        return lambda: find_objects(text, self._finder.find(text))

    def _in_digits(self, text: str) -> str:
        """Writes numbers in words as digits, but for those in the names of files."""
        return in_digits(text, [found for found in self._finder.find(text) if found.kind == "path"])


def _refused(specs: Sequence[FieldSpec], step: Step, args: Args) -> tuple[str, ...]:
    """Lists what is asked of a training and cannot be followed: options, a second test set."""
    options = find_missing_options(step.visible, {spec.name for spec in specs})
    named = {mention.value for mention in step.objects.test_datasets}
    return (*options, *sorted(named.difference(map(str, args.values()))))


def _reads_molecules(
    specs: Sequence[FieldSpec], text: str, objects: Objects, situation: Situation
) -> bool:
    """Tells whether a compound's name is a molecule to a tool, not a column such as creatinine."""
    for spec in specs:
        if spec.role == "smiles":
            named = [mention.value for mention in objects.models]
            model = named[0] if named else situation.model(text, spec.prefixes)
            return not spec.prefixes or bool(model and situation.makes(model, spec.prefixes))
    return False


def _pair_from_features(specs: Sequence[FieldSpec], args: Args) -> None:
    """Takes two names listed after 'using' for time and event where a file lacks both."""
    names = {spec.name for spec in specs}
    wanted = {"time_column", "event_column"}
    listed_two = len(args.get("features", ())) == 2
    if (
        wanted <= names
        and not wanted & args.keys()
        and listed_two
        and args.get("dataset") not in BUILT_INS
    ):
        args["time_column"], args["event_column"] = args.pop("features")


def _column_order(spec: FieldSpec) -> int:
    """Puts the group before other columns and the target after them: its cues are the widest."""
    return ("group_column", "", "target_column").index(
        spec.name if spec.name in {"group_column", "target_column"} else ""
    )


def missing_arguments(specs: Sequence[FieldSpec], args: Args) -> list[str]:
    """Lists the arguments without which a call cannot be made."""
    missing = [spec.name for spec in specs if spec.required and spec.name not in args]
    objects = [
        spec
        for spec in specs
        if spec.role in OBJECT_ROLES and not spec.is_side and spec.default is None
    ]
    models = [spec for spec in specs if spec.role == "model" and not spec.required]
    is_free = not any(spec.required and spec.role in (*OBJECT_ROLES, "query") for spec in specs)
    # What only some models read (SMILES) is enough where it is given, and never asked for.
    askable = [spec for spec in objects if not spec.prefixes]
    if askable and is_free and not any(spec.name in args for spec in (*objects, *models)):
        missing.append(askable[0].name)
    if any(spec.role == "protein" for spec in specs) and not {"target", "receptor"} & args.keys():
        missing.append("target")
    if args.get("task") == "custom" and "schema_file" not in args:
        missing.append("schema_file")
    if "dataset" in args:
        entry = BUILT_INS.get(str(args["dataset"]))
        known = {name for name in NEEDED_FOR_FILES if entry and getattr(entry, name, None)}
        names = {spec.name for spec in specs}
        if "target_columns" in names:  # the trainer finds its targets among the columns
            known.add("target_column")
        needed = [name for name in NEEDED_FOR_FILES if name in names and name not in known]
        missing += [name for name in needed if name not in args and name not in missing]
    return missing
