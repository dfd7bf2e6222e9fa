"""What every tool is made of: arguments, result, context."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.store.runs import Run
from models.store.workspace import Workspace

SUMMARY_LIMIT = 1500
"""Characters of a result that a language model reads."""


class ToolArguments(BaseModel):
    """Base of all argument models: unknown names are refused, not ignored.

    A field's `json_schema_extra` may state its `role` (dataset, column, columns, images, model,
    smiles, article_id, query, count, year, row, records, path, seed, seconds, choice, target,
    text, number; protein, receptor, bound_ligand, point and best for docking), from which the
    embedded planner fills it, `synonyms` of a choice, `prefixes` of the models that fit, `also`
    for further roles that its values may have, and `sensitive` for what must not reach a log.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


Seed = Annotated[
    int,
    Field(
        ge=0,
        le=2**31 - 1,
        description="Decides every random choice; the same seed gives the same numbers.",
        json_schema_extra={"role": "seed"},
    ),
]
"""The argument `seed` of whatever trains or draws."""


class Artifact(BaseModel):
    """A file that a run made."""

    kind: Literal["plot", "table", "card", "picture", "model", "file"]
    path: str


class ToolResult(BaseModel):
    """What a tool gives back."""

    summary: str = Field(
        max_length=SUMMARY_LIMIT, description="Full sentences with the numbers, for the reader."
    )
    data: dict[str, Any] = Field(default_factory=dict, description="The result, typed by the tool.")
    artifacts: list[Artifact] = Field(default_factory=list, description="Files that were made.")
    run: str | None = Field(default=None, description="The run that can be replayed.")


@dataclass
class ToolContext:
    """What a tool may use beside its arguments.

    Attributes:
        workspace: Where it reads and writes.
        run: The record of this call; None for tools that compute nothing.
        report: Receives progress; raises when the call is cancelled.
        language: A language model for many texts (`retrieval.mining.language.Client`), for a tool
            that asks for one; None where there is none.
    """

    workspace: Workspace
    run: Run | None = None
    report: Callable[[float, str, dict[str, float]], None] = field(default=lambda *_: None)
    language: Any = None

    def progress(self, fraction: float, message: str, **metrics: float) -> None:
        """Reports how far the call is (0–1), what it does and the metrics so far."""
        self.report(fraction, message, metrics)

    @property
    def active_run(self) -> Run:
        """The run of a computing tool."""
        if self.run is None:
            message = "this tool was registered without computes=True"
            raise RuntimeError(message)
        return self.run
