"""The assistant: one object that a command line, a server or a test asks."""

import fcntl
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command

from agent.citations import citation, verdict_of
from agent.endings import APPROVAL, CANCELLED, Cancelling, breaks_off, broken_off
from agent.graph import build_graph
from agent.llm.backends import connect
from agent.llm.usage import Usage
from agent.plan import Plan
from agent.planning import make_plan
from agent.screen import redact, screen
from agent.settings import Settings
from agent.state import Answer, State, StopReason, Surroundings, Turn, calls_of
from agent.turn import memory_of
from models.store.workspace import Workspace
from tools.worker import WorkerPool

Event = dict[str, Any]
Listener = Callable[[Event], None]


class Assistant:
    """Answers requests in threads that a restart does not end.

    Args:
        workspace: Where everything is kept.
        settings: Which language model, and the limits.
        model: A chat model to use in place of the setting's.
    """

    def __init__(
        self, workspace: Workspace, settings: Settings, model: BaseChatModel | None = None
    ) -> None:
        if model is None:
            model, self.llm = connect(settings)
        else:
            self.llm = model._llm_type
        self.surroundings = Surroundings(workspace, settings, model, WorkerPool())
        workspace.root.mkdir(parents=True, exist_ok=True)
        self._connection = _open_threads(workspace.threads)
        self._graph = build_graph(SqliteSaver(self._connection))

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers and closes the threads' database."""
        self.surroundings.pool.close()
        self._connection.close()

    def ask(
        self, request: str, thread: str | None = None, listener: Listener = lambda _: None
    ) -> Answer:
        """Answers a request.

        Args:
            request: What the person says.
            thread: The conversation it belongs to; a new one when not given.
            listener: Receives calls, progress, results and tokens while they happen.
        """
        return self._run({"request": request}, thread or uuid.uuid4().hex, listener)

    def decide(
        self, decision: dict[str, Any], thread: str, listener: Listener = lambda _: None
    ) -> Answer:
        """Goes on with a turn that waits for approval.

        Args:
            decision: {"type": "approve"}, {"type": "reject", "message": …} or
                {"type": "edit", "edited_action": {"name": …, "args": …}}.
            thread: The conversation that waits.
            listener: See `ask`.
        """
        return self._run(Command(resume={"decisions": [decision]}), thread, listener)

    def waiting(self, thread: str) -> list[dict[str, Any]]:
        """Returns the calls of a conversation that wait for approval."""
        state = self._graph.get_state(_config(thread))
        return [
            {"tool": action["name"], "args": action["args"]}
            for interrupt in state.interrupts
            for action in interrupt.value["action_requests"]
        ]

    def turns(self, thread: str) -> list[Turn]:
        """Returns a conversation's exchanges, the oldest first."""
        turns: list[Turn] = self._graph.get_state(_config(thread)).values.get("turns", [])
        return turns

    def plan(self, request: str, thread: str | None = None) -> Answer:
        """Returns the calls that a request would lead to, and makes none."""
        started = time.monotonic()
        verdict = screen(request)
        if verdict.refused:
            refusal = Plan(outcome="refused", message=verdict.message)
            return self._plan_answer(refusal, Usage(), started)
        state: State = {"request": redact(request).text}
        stored = self._graph.get_state(_config(thread)).values if thread else {}
        memory = memory_of(stored.get("memory"), self.surroundings.workspace)
        state["turns"] = stored.get("turns", [])
        return self._plan_answer(*make_plan(state, memory, self.surroundings), started)

    def warm(self) -> None:
        """Loads in the background what the first question would wait for."""
        self.surroundings.pool.warm()

    def cancel(self) -> None:
        """Ends the turn that runs, at its next progress report or token."""
        self.surroundings.cancelled.set()

    def _plan_answer(self, plan: Plan, usage: Usage, started: float) -> Answer:
        reasons: dict[str, StopReason] = {"needs_input": "needs_input", "refused": "refused"}
        return Answer(
            answer=plan.message,
            citations=[],
            tool_calls=calls_of(plan.steps) if plan.outcome == "act" else [],
            artifacts=[],
            stop_reason=reasons.get(plan.outcome, "answered"),
            llm=self.llm,
            seconds=round(time.monotonic() - started, 3),
            tokens=usage.total,
            usage=usage,
            sampling=self.surroundings.sampling,
        )

    def _answer(self, values: dict[str, Any], seconds: float) -> Answer:
        outcomes = values.get("outcomes", [])
        answer = values.get("answer", "")
        usage = Usage.model_validate(values.get("usage", {}))
        return Answer(
            answer=answer,
            citations=[citation(p) for p in values.get("passages", []) if f"[{p['n']}]" in answer],
            tool_calls=[
                {key: outcome[key] for key in ("tool", "args", "status", "run", "summary")}
                for outcome in outcomes
            ],
            artifacts=[item for outcome in outcomes for item in outcome["artifacts"]],
            stop_reason=values["stop_reason"],
            llm=self.llm,
            seconds=round(seconds, 3),
            tokens=usage.total,
            usage=usage,
            sampling=self.surroundings.sampling,
            verdict=verdict_of(outcomes),
        )

    def _run(self, given: Any, thread: str, listener: Listener) -> Answer:
        started = time.monotonic()
        cancelled = self.surroundings.cancelled
        cancelled.clear()
        config = _config(thread)
        try:
            for event in self._events(given, config):
                # The model may be some tokens ahead of who listens.
                if event["event"] != "token" or not cancelled.is_set():
                    listener(event)
            snapshot = self._graph.get_state(config)
            values = snapshot.values
            if snapshot.interrupts:
                values = values | {"stop_reason": "approval", "answer": APPROVAL}
            elif cancelled.is_set():
                values = values | {"stop_reason": "cancelled", "answer": CANCELLED}
        except Exception as error:
            if not breaks_off(error):
                raise
            values = self._graph.get_state(config).values | broken_off(error)
        return self._answer(values, time.monotonic() - started)

    def _events(self, given: Any, config: Any) -> Iterator[Event]:
        stream: Iterator[Any] = self._graph.stream(
            given,
            config | {"callbacks": [Cancelling(self.surroundings.cancelled)]},
            context=self.surroundings,
            stream_mode=["custom", "messages", "updates"],
            subgraphs=True,
            durability="exit",
        )
        for namespace, mode, part in stream:
            if mode == "custom":
                yield part
            elif mode == "messages":
                message, _ = part
                if namespace and message.type == "AIMessageChunk" and message.text:
                    yield {"event": "token", "text": message.text}
            elif not namespace and "plan" in part:
                yield {"event": "plan", "steps": part["plan"]["plan"]["steps"]}


def _open_threads(path: Path) -> sqlite3.Connection:
    """Opens the conversations, making them where they are not yet there.

    In WAL mode the journal survives kill -9 and other processes read meanwhile; but the change to
    it waits for nobody, so two processes that begin at once take turns.
    """
    with path.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        SqliteSaver(connection).setup()
    return connection


def _config(thread: str) -> Any:
    return {"configurable": {"thread_id": thread}, "recursion_limit": 60}
