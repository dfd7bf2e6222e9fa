"""Dialogues of every kind, made from the registered tools and their example requests."""

import random
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from agent.llm.embedded.planner import Planner
from agent.llm.tuning.dialogues.calls import answer_dialogue, call_dialogue, correction_dialogue
from agent.llm.tuning.dialogues.dialogue import Dialogue, Kind
from agent.llm.tuning.dialogues.plans import plan_dialogue
from agent.llm.tuning.dialogues.requests import Part, Requests
from agent.llm.tuning.dialogues.results import Result, real_results
from models.errors import ToolError
from models.store.workspace import Workspace
from tools.registry import Tool

KINDS: tuple[Kind, ...] = get_args(Kind)
SHARES: dict[Kind, float] = {"plan": 0.55, "call": 0.2, "correction": 0.1, "answer": 0.15}
RESULTS = 120
"""Calls that are really made for answers; more dialogues than that reuse their results."""
LEAST_RESULTS = 8


class Generator:
    """Makes dialogues.

    Args:
        tools: By name; new ones join by being registered.
        planner: The embedded planner, whose drafts the model is shown.
        part: Which example requests are used.
        seed: The same seed gives the same dialogues.
        kinds: What is made.
    """

    def __init__(
        self,
        tools: Mapping[str, Tool],
        planner: Planner,
        part: Part = "training",
        seed: int = 0,
        kinds: tuple[Kind, ...] = KINDS,
    ) -> None:
        self._random = random.Random(f"{part} {seed}")  # noqa: S311  # nothing secret is drawn
        self._requests = Requests(tools, self._random, part)
        self._planner = planner
        self._kinds = kinds
        self._results: list[Result] = []

    def make(self, count: int) -> Iterator[Dialogue]:
        """Yields so many dialogues, no two with the same request and kind as far as it goes.

        Raises:
            ToolError: Answers alone are wanted, and no tool gave a result.
        """
        if "answer" in self._kinds:
            with tempfile.TemporaryDirectory(prefix="theriac-dialogues-") as folder:
                workspace = Workspace(Path(folder).resolve())
                wanted = min(RESULTS, max(LEAST_RESULTS, count // 5))
                made = real_results(self._requests, workspace, wanted, self._random)
                self._results = list(made)
        kinds = [kind for kind in self._kinds if kind != "answer" or self._results]
        if not kinds:
            raise ToolError("No tool gave a result that could be answered from.")
        weights = [SHARES[kind] for kind in kinds]
        seen: set[tuple[str, str]] = set()
        repeats = yielded = 0
        while yielded < count:
            (kind,) = self._random.choices(kinds, weights)
            dialogue = self._one(kind)
            if dialogue is None:
                continue
            if (key := (kind, dialogue.request)) in seen and repeats < count:
                repeats += 1
                continue
            seen.add(key)
            yielded += 1
            yield dialogue

    def _one(self, kind: Kind) -> Dialogue | None:
        if kind == "plan":
            return plan_dialogue(self._requests.sample(), self._planner, self._random)
        if kind == "answer":
            result = self._random.choice(self._results)
            return answer_dialogue(result.step, result.said, result.answer)
        step = self._requests.single().plan.steps[0]
        if kind == "call":
            return call_dialogue(step, self._random)
        return correction_dialogue(step, self._random)
