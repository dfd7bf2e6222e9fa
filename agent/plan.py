"""What a request becomes before anything is done: ordered calls, or why there are none."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

MAXIMUM_STEPS = 8
"""Steps of a plan that are done."""


class PlannedCall(BaseModel):
    """One step: a part of the request and the tool call that answers it."""

    request: str = Field(description="The part of the request that this step answers.")
    tool: str = Field(description="The one tool that this step calls.")
    args: dict[str, Any] = Field(
        default_factory=dict,
        description="Its arguments; '$1' stands for the model or molecules that step 1 makes.",
    )
    restated: SkipJsonSchema[bool] = Field(
        default=False, description="Whether the request repeats what an earlier turn asked."
    )


class Plan(BaseModel):
    """An ordered list of steps, or a question, refusal or reply."""

    outcome: Literal["act", "needs_input", "refused", "chat"] = Field(
        description="act: do the steps; needs_input: something required is missing; refused: "
        "unsafe or out of scope; chat: small talk or a question about the assistant."
    )
    steps: list[PlannedCall] = Field(default_factory=list, description="The calls, in order.")
    message: str = Field(
        default="", description="What to say when nothing is to be done: question, reason, reply."
    )


class Memory(BaseModel):
    """What earlier turns of a conversation left behind, newest first."""

    models: list[str] = Field(default_factory=list)
    molecules: list[str] = Field(default_factory=list)
    groups: list[list[str]] = Field(
        default_factory=list, description="The molecules of each of the last calls, newest first."
    )
    articles: list[str] = Field(default_factory=list)
    datasets: list[str] = Field(default_factory=list)
    images: list[str] = Field(default_factory=list)
    last: PlannedCall | None = Field(
        default=None, description="The last call that was done, unless it describes patients."
    )
    pending: Plan | None = Field(
        default=None, description="A call that waits for what the person was asked."
    )
