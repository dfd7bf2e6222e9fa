"""The registry's tools as the agent calls them: validated, executed, answered in words."""

import json
import logging
import re
from typing import Any, Literal

from langchain_core.tools import BaseTool, ToolException
from langgraph.config import get_stream_writer
from langgraph.runtime import get_runtime

from agent.state import Surroundings
from models.errors import PrerequisiteError, ToolError
from tools.contract import ToolResult
from tools.execution import cancellable, execute
from tools.registry import Tool

_log = logging.getLogger(__name__)


class AgentTool(BaseTool):
    """One registered tool in LangChain's form; its schema is the registry's own."""

    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    handle_tool_error: bool = True
    tool: Any

    @classmethod
    def of(cls, tool: Tool) -> "AgentTool":
        """Wraps a registered tool."""
        return cls(name=tool.name, description=tool.description, args_schema=tool.schema, tool=tool)

    def _run(self, **arguments: Any) -> tuple[str, dict[str, Any]]:
        surroundings = get_runtime(Surroundings).context
        emit = get_stream_writer()
        emit({"event": "call", "tool": self.name, "args": arguments})

        def report(fraction: float, message: str, metrics: dict[str, float]) -> None:
            emit({"event": "progress", "tool": self.name, "fraction": fraction,
                  "message": message, "metrics": metrics})  # fmt: skip

        try:
            result = self._execute(surroundings, arguments, report)
        except Exception as error:  # whatever ends a call, the conversation goes on
            kind, message = _explained(error, self.name)
            emit({"event": "error", "tool": self.name, "kind": kind, "message": message})
            raise ToolException(json.dumps({"kind": kind, "message": message})) from error
        result = _numbered(result, surroundings)
        emit({"event": "result", "tool": self.name, "run": result.run, "summary": result.summary,
              "artifacts": [item.model_dump() for item in result.artifacts]})  # fmt: skip
        return result.summary, result.model_dump(mode="json")

    def _execute(
        self, surroundings: Surroundings, arguments: dict[str, Any], report: Any
    ) -> ToolResult:
        workspace, cancelled = surroundings.workspace, surroundings.cancelled
        checked = cancellable(report, cancelled)
        if self.tool.heavy:
            # Wrong arguments are answered here, before a worker is started for them.
            parsed = self.tool.parse(arguments)
            if self.tool.language and self.tool.language(parsed) and surroundings.sampling:
                from agent.llm.batch import BatchExtractor

                client = BatchExtractor.connect(surroundings.settings)
                return execute(workspace, self.name, arguments, checked, language=client)
            return surroundings.pool.call(workspace, self.name, arguments, report, cancelled.is_set)
        return execute(workspace, self.name, arguments, checked)


def _explained(error: Exception, tool: str) -> tuple[str, str]:
    """Returns the kind of a failure, and what to say of it."""
    if isinstance(error, ToolError):
        return error.kind, str(error)
    if isinstance(error, PrerequisiteError):
        return "prerequisite", str(error)
    # A traceback may hold data: it stays in the run's record and out of prompts and logs.
    _log.debug("%s failed", tool, exc_info=error)
    return "failed", (
        f"{tool} failed, which is a fault of the program, not of the request; "
        "the newest failed run keeps the reason (theriac runs list)."
    )


def _numbered(result: ToolResult, surroundings: Surroundings) -> ToolResult:
    """Numbers the passages of a result after those that the turn has already."""
    hits = [hit for hit in result.data.get("results", []) if "n" in hit]
    before = surroundings.cited
    surroundings.cited += len(hits)
    if not hits or not before:
        return result
    data = result.data | {"results": [hit | {"n": hit["n"] + before} for hit in hits]}
    summary = re.sub(r"\[(\d+)\]", lambda m: f"[{int(m[1]) + before}]", result.summary)
    return result.model_copy(update={"data": data, "summary": summary})
