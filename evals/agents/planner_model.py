"""A model folder as the planner, beside the embedded planner, through the agent's own path."""

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from agent import prompts
from agent.llm.embedded.model import EmbeddedModel, load_planner
from agent.llm.schemas import plan_schema
from agent.llm.structured import UnusableReplyError, fill
from agent.llm.tuning.learning.local import LocalModel
from agent.plan import Memory, Plan
from agent.planning import FALLBACK, TOOLS_SHOWN, make_plan, usable_plan
from agent.screen import redact, screen
from agent.settings import Settings
from agent.state import Surroundings
from evals.agents.routing import DATA, Item, PlanRequest, evaluate
from evals.registry import EvalOptions, Report, ReportTable, eval_task
from models.errors import ToolError, fault
from models.store.workspace import Workspace
from tools.registry import find_tool
from tools.worker import WorkerPool

UNUSABLE = Plan(outcome="act")
"""What counts as wrong for every request."""
COLUMNS = {
    "right_tool": "right tool", "right_tool_and_arguments": "arguments too",
    "declined_rightly": "declined rightly", "milliseconds_median": "ms, median",
}  # fmt: skip


def measure(folder: Path, limit: int) -> dict[str, Any]:
    """Returns the figures of a model folder on so many development requests."""
    with tempfile.TemporaryDirectory(prefix="theriac-eval-") as workspace:
        options = EvalOptions(Workspace(Path(workspace).resolve()), llm=str(folder), limit=limit)
        return dict(run(options).figures)


@eval_task("planner_model", "A model folder (--llm DIR) as planner, beside the embedded planner.")
def run(options: EvalOptions) -> Report:
    """Measures a model folder on the development requests of `routing`; no server is needed.

    Raises:
        ToolError: No folder is named.
        PrerequisiteError: It holds no model that can be loaded.
    """
    if not options.llm or not Path(options.llm).expanduser().is_dir():
        wrong = fault("--llm", options.llm or "nothing", "a model's folder")
        raise ToolError("This eval measures a model's folder.", wrong)
    folder = Path(options.llm).expanduser().resolve()
    model = LocalModel.load(folder)
    items = _items(options)
    fallbacks: list[str] = []
    methods: dict[str, PlanRequest] = {
        "embedded planner": load_planner().plan,
        f"{folder.name}, in the agent": _in_the_agent(model, options, fallbacks),
        f"{folder.name}, without the planner's draft": _alone(model),
    }
    reports = {title: evaluate(plan, items) for title, plan in methods.items()}
    own = list(reports.values())[1]
    return Report(
        title=f"Planner model {folder.name}",
        tables=[
            ReportTable(
                title=f"The same {len(items)} requests",
                columns=["planner", *COLUMNS.values()],
                rows=[[t, *(r.figures[key] for key in COLUMNS)] for t, r in reports.items()],
            ),
            own.tables[0],
        ],
        figures=own.figures | {"fallbacks": len(fallbacks)},
        notes=[
            "Development requests of `routing`; none is in the training dialogues.",
            "In the agent, the model sees the embedded planner's draft and corrects it; where it "
            "gives no usable plan, the draft is used (fallbacks).",
            *own.notes,
        ],
    )


def _items(options: EvalOptions) -> list[Item]:
    lines = (DATA / "routing_dev.jsonl").read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines if line.strip()]
    if options.limit and options.limit < len(items):
        # The file is ordered by group: a part of it must be drawn from all of them.
        return random.Random(options.seed).sample(items, options.limit)  # noqa: S311
    return items


def _in_the_agent(model: LocalModel, options: EvalOptions, fallbacks: list[str]) -> PlanRequest:
    """Returns the agent's planning with this model; requests without a usable plan are kept."""
    settings = Settings(llm="embedded", workspace=options.workspace.root)
    surroundings = Surroundings(options.workspace, settings, model, WorkerPool())

    def plan(request: str) -> Plan:
        verdict = screen(request)
        if verdict.refused:
            return Plan(outcome="refused", message=verdict.message)
        made, _ = make_plan({"request": redact(request).text}, Memory(), surroundings)
        if made.message.startswith(FALLBACK):
            fallbacks.append(request)
        return made

    return plan


def _alone(model: LocalModel) -> PlanRequest:
    """Returns planning by the model without a draft to start from."""
    nothing = Plan(outcome="chat")

    def plan(request: str) -> Plan:
        names: Sequence[str] = EmbeddedModel().likely(request)[:TOOLS_SHOWN]
        tools = [find_tool(name) for name in names]
        system = prompts.planning_prompt(tools, Memory(), nothing)
        asked = [SystemMessage(system), HumanMessage(request)]
        try:
            return fill(model, plan_schema(tools), asked, usable_plan)[0]
        except UnusableReplyError:
            return UNUSABLE

    return plan
