"""The errors that a person or a language model can do something about."""

from collections.abc import Iterable

from pydantic import BaseModel


class FieldFault(BaseModel):
    """One wrong field: what was got, what was expected and the nearest right name."""

    field: str
    got: str = ""
    expected: str = ""
    suggestion: str | None = None

    def __str__(self) -> str:
        text = self.field
        if self.got:
            text += f": got {self.got}"
        if self.expected:
            text += f"{', ' if self.got else ': '}expected {self.expected}"
        if self.suggestion:
            text += f"; did you mean {self.suggestion!r}?"
        return text


class ToolError(Exception):
    """A call that its caller can correct; carries every fault at once.

    Args:
        message: What is wrong, in one sentence.
        faults: One per wrong field.
        kind: `invalid_argument`, `not_found`, `refused_path`, `refused_data`, `cancelled`,
            `crashed` or `unsafe`.
    """

    def __init__(self, message: str, *faults: FieldFault, kind: str = "invalid_argument") -> None:
        super().__init__(message)
        self.message = message
        self.faults = list(faults)
        self.kind = kind

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {fault}" for fault in self.faults)])

    def as_json(self) -> dict[str, object]:
        """Returns the error object that every interface prints."""
        fields = [fault.model_dump() for fault in self.faults]
        return {"error": {"kind": self.kind, "message": self.message, "fields": fields}}


class PrerequisiteError(Exception):
    """Something that must be installed, started or freed first, with the command that does it."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(message)
        self.message = message
        self.command = command

    def __str__(self) -> str:
        return f"{self.message}\n  Try: {self.command}"

    def as_json(self) -> dict[str, object]:
        """Returns the error object that every interface prints."""
        message = f"{self.message} Try: {self.command}"
        return {"error": {"kind": "prerequisite", "message": message, "fields": []}}


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """Returns the choice most like `name`, or None when none is alike."""
    from rapidfuzz import fuzz, process

    def plain(text: str) -> str:
        return text.casefold().replace("_", " ").replace("-", " ")

    best = process.extractOne(
        name, list(choices), scorer=fuzz.WRatio, processor=plain, score_cutoff=60
    )
    return best[0] if best else None


def fault(field: str, got: object, expected: str, choices: Iterable[str] = ()) -> FieldFault:
    """Makes a fault whose suggestion is the choice nearest to what was got."""
    return FieldFault(
        field=field, got=repr(got), expected=expected, suggestion=nearest(str(got), choices)
    )
