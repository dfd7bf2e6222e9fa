"""One turn in the terminal: the plan, tool cards with progress, the answer, its sources."""

import uuid
from typing import Any

from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from agent.citations import citation_line
from agent.cli.state import console
from agent.session import Assistant
from agent.state import Answer


class Dialogue:
    """Shows turns of one thread in the terminal.

    Args:
        assistant: Who answers.
        thread: The conversation; a new one when None.
    """

    def __init__(self, assistant: Assistant, thread: str | None) -> None:
        self.assistant = assistant
        self.thread = thread or uuid.uuid4().hex
        self.console = console()
        self._progress: Progress | None = None
        self._streamed = False

    def greet(self) -> None:
        """Says who answers, and what waits."""
        self.console.print(f"[bold]theriac[/bold] · {self.assistant.llm} · thread {self.thread}")
        if self.assistant.waiting(self.thread):
            self._finish(self._approve())

    def listen(self) -> str | None:
        """Returns the next request, or None at the end."""
        try:
            said = self.console.input("[bold cyan]> [/bold cyan]").strip()
        except (EOFError, KeyboardInterrupt):
            return None
        return None if said in ("", "exit", "quit") else said

    def turn(self, request: str) -> Answer:
        """Answers a request and shows it all; Ctrl-C cancels the turn, not the program."""
        self._streamed = False
        answer = self._watched(lambda: self.assistant.ask(request, self.thread, self._show))
        while answer.stop_reason == "approval":
            answer = self._approve()
        self._finish(answer)
        return answer

    def _approve(self) -> Answer:
        calls = self.assistant.waiting(self.thread)
        for call in calls:
            self.console.print(f"Waits for approval: [bold]{call['tool']}[/bold] {call['args']}")
        try:
            said = self.console.input("Do it? [y/N] ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            said = "n"
        decision: dict[str, Any] = {"type": "approve"}
        if not said.startswith("y"):
            decision = {"type": "reject", "message": "The person does not want this call."}
        return self._watched(lambda: self.assistant.decide(decision, self.thread, self._show))

    def _watched(self, work: Any) -> Answer:
        import signal

        def cancel(*_: object) -> None:
            self.assistant.cancel()

        before = signal.signal(signal.SIGINT, cancel)
        try:
            done: Answer = work()
            return done
        finally:
            signal.signal(signal.SIGINT, before)
            self._stop_progress()

    def _show(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "plan" if len(event["steps"]) > 1:
                names = " → ".join(step["tool"] for step in event["steps"])
                self.console.print(f"[dim]plan: {names}[/dim]")
            case "call":
                given = ", ".join(f"{k}={v!r}" for k, v in event["args"].items())
                self.console.print(f"[dim]⚙ {escape(event['tool'])}({escape(given[:160])})[/dim]")
            case "progress":
                self._advance(event)
            case "result" | "error":
                self._stop_progress()
            case "token":
                self._streamed = True
                self.console.print(event["text"], end="", markup=False)

    def _advance(self, event: dict[str, Any]) -> None:
        if self._progress is None:
            columns = (TextColumn("  {task.description}"), BarColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, console=self.console, transient=True)
            self._progress.add_task("", total=1.0)
            self._progress.start()
        self._progress.update(
            self._progress.task_ids[0],
            completed=event["fraction"],
            description=escape(event["message"]),
        )

    def _stop_progress(self) -> None:
        if self._progress:
            self._progress.stop()
            self._progress = None

    def _finish(self, answer: Answer) -> None:
        title = "theriac" if answer.stop_reason == "answered" else f"theriac · {answer.stop_reason}"
        if self._streamed:
            self.console.print()
        else:
            self.console.print(Panel(escape(answer.answer), title=title, title_align="left"))
        for cited in answer.citations:
            style = "red" if cited["retracted"] else None
            line = escape(f"  {citation_line(cited)}")
            self.console.print(line, style=style, soft_wrap=True)
        for made in answer.artifacts:
            self.console.print(
                f"  [dim]{made['kind']}: {escape(made['path'])}[/dim]", soft_wrap=True
            )
        for call in answer.tool_calls:
            if call["run"]:
                self.console.print(f"  [dim]run: theriac runs replay {call['run']}[/dim]")
