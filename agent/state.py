"""The state of one conversation, as the graph keeps it and the checkpointer stores it."""

import threading
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel

from agent.llm.embedded.model import EmbeddedModel
from agent.llm.usage import Sampling, Usage
from agent.plan import PlannedCall
from agent.settings import Settings
from models.store.workspace import Workspace
from tools.worker import WorkerPool

StopReason = Literal["answered", "needs_input", "refused", "limit", "llm_unavailable", "cancelled"]


class Outcome(TypedDict):
    """What one tool call came to."""

    step: int
    tool: str
    args: dict[str, Any]
    status: Literal["done", "error"]
    kind: str | None
    run: str | None
    summary: str
    data: dict[str, Any]
    artifacts: list[dict[str, str]]


class Turn(TypedDict):
    """One exchange of the conversation, for later turns to look back on.

    `sampling` is what the language model was asked with; None where there was none.
    """

    request: str
    answer: str
    sampling: NotRequired[dict[str, Any] | None]


class State(TypedDict):
    """Everything the graph's nodes hand on; plain JSON, so that any checkpointer can keep it.

    The first group belongs to the turn, the second to the whole conversation.
    """

    request: str
    plan: NotRequired[dict[str, Any]]
    step: NotRequired[int]
    outcomes: NotRequired[list[Outcome]]
    passages: NotRequired[list[dict[str, Any]]]
    answers: NotRequired[list[str]]
    faults: NotRequired[list[str]]
    repaired: NotRequired[bool]
    answer: NotRequired[str]
    stop_reason: NotRequired[StopReason]
    usage: NotRequired[dict[str, int]]

    memory: NotRequired[dict[str, Any]]
    turns: NotRequired[list[Turn]]


@dataclass
class Surroundings:
    """What the nodes use and no checkpoint keeps.

    Attributes:
        cancelled: Set when the person cancels the turn.
        approve_all: Costly calls are made without asking.
        cited: Passages that the turn has numbered so far, so that no two share a number.
        agents: Compiled agents of steps, by tool.
    """

    workspace: Workspace
    settings: Settings
    model: BaseChatModel
    pool: WorkerPool
    cancelled: threading.Event = field(default_factory=threading.Event)
    approve_all: bool = False
    cited: int = 0
    agents: dict[str, Any] = field(default_factory=dict)

    @property
    def sampling(self) -> Sampling | None:
        """What the language model is asked with; None for the embedded planner."""
        return None if isinstance(self.model, EmbeddedModel) else Sampling.of(self.model)


class Answer(BaseModel):
    """What a person gets for a request; the object that `ask --json` prints.

    Attributes:
        seconds: From the request to the whole answer.
        tokens: Of all prompts and replies together.
        usage: The same apart.
        sampling: What asking the language model again takes; None for the embedded planner.
        verdict: What the studies that bear on a yes/no question answer together; None for other
            requests.
    """

    answer: str
    citations: list[dict[str, Any]]
    tool_calls: list[dict[str, Any]]
    artifacts: list[dict[str, str]]
    stop_reason: StopReason | Literal["approval"]
    llm: str
    seconds: float
    tokens: int
    usage: Usage
    sampling: Sampling | None
    verdict: dict[str, Any] | None = None


def calls_of(steps: list[PlannedCall]) -> list[dict[str, Any]]:
    """Returns planned calls in the form that answers list their tool calls in."""
    return [
        {"tool": s.tool, "args": s.args, "status": "planned", "run": None, "summary": ""}
        for s in steps
    ]
