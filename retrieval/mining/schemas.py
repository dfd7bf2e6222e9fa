"""A person's own JSON schema: what to look for, and the columns it makes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import FieldFault, ToolError
from retrieval.mining.findings import BASE_COLUMNS, ColumnKind, Columns

FIELD = "schema_file"
EVIDENCE = "evidence"
SHARED = ("$defs", "definitions")
KINDS: dict[str, ColumnKind] = {
    "string": "string", "integer": "integer", "number": "number", "boolean": "boolean",
}  # fmt: skip
TYPE = "type"
RESERVED = frozenset({*BASE_COLUMNS, EVIDENCE}) - {TYPE}
EXPECTED = (
    'a JSON schema of one finding, like {"title": "dosage", "type": "object", "properties": '
    '{"drug": {"type": "string"}, "dose": {"type": "string"}}, "required": ["drug"]}'
)


@dataclass(frozen=True)
class FindingSchema:
    """What one finding of a custom task is.

    Attributes:
        name: The type of the findings.
        description: What the schema says of itself.
        item: The schema of a finding, an object.
        shared: Definitions that it refers to.
    """

    name: str
    description: str
    item: Mapping[str, Any]
    shared: Mapping[str, Any]

    @property
    def columns(self) -> Columns:
        """The properties, with what they hold; one named `type` is the type of the finding."""
        properties = self.item["properties"].items()
        return {name: _kind(content) for name, content in properties if name != TYPE}


def read_schema(path: Path) -> FindingSchema:
    """Reads the schema of a custom task.

    Raises:
        ToolError: It is no JSON, no JSON schema, or none of an object with properties of its own.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise _refused(path, f"it is not JSON ({error})") from None
    try:
        Draft202012Validator.check_schema(content)
    except SchemaError as error:
        place = "/".join(str(part) for part in error.absolute_path) or "the schema"
        raise _refused(path, f"{place}: {error.message}") from None
    item = content.get("items", content) if isinstance(content, dict) else content
    properties = item.get("properties") if isinstance(item, dict) else None
    if not properties:
        raise _refused(path, "it describes no object with properties")
    if taken := sorted(RESERVED & properties.keys()):
        raise _refused(path, f"{', '.join(taken)}: names that every finding has already")
    shared = {name: content[name] for name in SHARED if name in content}
    name = str(content.get("title") or item.get("title") or path.stem)
    described = str(content.get("description") or item.get("description") or "")
    own = {key: value for key, value in item.items() if key not in SHARED}
    return FindingSchema(name, described, own | {"type": "object"}, shared)


def _kind(content: Any) -> ColumnKind:
    """Returns what a column of a property holds; `null` beside another type changes nothing."""
    if not isinstance(content, dict):
        return "json"
    if "enum" in content:
        return "string" if all(isinstance(v, str | None) for v in content["enum"]) else "json"
    given = content.get("type")
    types = {kind for kind in (given if isinstance(given, list) else [given]) if kind != "null"}
    return KINDS.get(str(types.pop()), "json") if len(types) == 1 else "json"


def _refused(path: Path, why: str) -> ToolError:
    wrong = FieldFault(field=FIELD, got=f"{path.name}: {why}", expected=EXPECTED)
    return ToolError("The schema file cannot be used.", wrong)
