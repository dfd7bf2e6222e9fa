"""Reads a tool's JSON schema as a list of typed fields, each with its role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.registry import Tool


@dataclass(frozen=True)
class FieldSpec:
    """One argument of a tool.

    Attributes:
        name: Its name.
        role: What fills it (see `tools.contract.ToolArguments`).
        required: Whether the call is invalid without it.
        default: What it is when not given.
        kind: JSON type: string, integer, number, boolean, array or object.
        choices: Its permitted values, where they are enumerated.
        synonyms: Further names of the choices.
        prefixes: Beginnings of the names of the models that fit; empty where all do.
        also: Further roles that what fills it may have.
        description: For people.
    """

    name: str
    role: str
    required: bool
    default: Any
    kind: str
    choices: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    description: str = ""
    prefixes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The name without `_column`."""
        return self.name.removesuffix("_column")

    @property
    def is_side(self) -> bool:
        """Whether it is beside the point of a call: a test set, an output."""
        return self.name.startswith(("test_", "unlabelled_", "output", "schema"))


def read_fields(tool: Tool) -> tuple[FieldSpec, ...]:
    """Returns the fields of a tool in the order of its schema."""
    schema = tool.schema
    required = set(schema.get("required", ()))
    definitions = schema.get("$defs", {})
    return tuple(
        _read(name, content, name in required, definitions)
        for name, content in schema.get("properties", {}).items()
    )


def _read(
    name: str, content: dict[str, Any], required: bool, definitions: dict[str, Any]
) -> FieldSpec:
    kind, choices = _type(content, definitions)
    synonyms = {value: tuple(names) for value, names in (content.get("synonyms") or {}).items()}
    return FieldSpec(
        name=name,
        role=content.get("role") or ("choice" if choices else kind),
        required=required,
        default=content.get("default"),
        kind=kind,
        choices=choices,
        synonyms=synonyms,
        description=content.get("description", ""),
        prefixes=tuple(content.get("prefixes") or ()),
        also=tuple(content.get("also") or ()),
    )


def _type(content: dict[str, Any], definitions: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Returns the JSON type behind references and optional unions, and its choices."""
    if reference := content.get("$ref"):
        return _type(definitions.get(reference.rsplit("/", 1)[-1], {}), definitions)
    options = [item for item in content.get("anyOf", ()) if item.get("type") != "null"]
    if options:
        read = [_type(item, definitions) for item in options]
        return next((item for item in read if item[1] or item[0] == "array"), read[0])
    choices = content.get("enum") or ([content["const"]] if "const" in content else [])
    return content.get("type", "object"), tuple(map(str, choices))
