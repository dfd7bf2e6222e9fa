"""`theriac mine`: one row per finding out of many documents."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from agent.cli import state

if TYPE_CHECKING:
    from models.store.runs import Run
    from models.store.workspace import Workspace
    from retrieval.mining.job import Observer
    from retrieval.mining.language import Client
    from tools.contract import ToolResult
    from tools.literature.mine_literature import Arguments

TOOL = "mine_literature"
SHOWN = 10


def mine(
    source: Annotated[str, typer.Argument(help="'library', or a file, folder or pattern.")],
    task: Annotated[str, typer.Option(help="entities, sections, pico, relations or custom.")],
    output: Annotated[Path, typer.Option(help="The file to write: .parquet, .csv or .jsonl.")],
    schema_file: Annotated[
        Optional[Path],  # noqa: UP045  # typer reads the older form faster
        typer.Option("--schema-file", "--schema", help="For custom: a JSON schema of a finding."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many documents; 0 is all.")] = 0,
    llm: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Use the language model at this URL (several, with commas)."),
    ] = None,
    ray: Annotated[str, typer.Option(help="Work on the Ray cluster at this address.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="Work in so many processes here.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a table of what many documents say; the same command goes on after an interruption.

    Example: theriac mine abstracts.jsonl --task entities --output findings.parquet
    """
    with state.errors(as_json=as_json):
        arguments = _arguments(source, task, schema_file, limit)
        result = _mine(arguments, output.expanduser().resolve(), llm, ray, workers, quiet=as_json)
        if as_json:
            state.print_json(result.model_dump(mode="json"))
        else:
            _print(result)


def _arguments(source: str, task: str, schema: Path | None, limit: int) -> "Arguments":
    from tools.literature.mine_literature import Arguments
    from tools.registry import find_tool

    given = {
        "source": source, "task": task, "limit": limit or None,
        "schema_file": str(schema) if schema else None,
    }  # fmt: skip
    parsed = find_tool(TOOL).parse(given)
    assert isinstance(parsed, Arguments)  # noqa: S101  # the tool's own model
    return parsed


def _mine(
    arguments: "Arguments", output: Path, llm: str | None, ray: str, workers: int, *, quiet: bool
) -> "ToolResult":
    from models.fitting.executors import find_executor
    from retrieval.mining.choice import find_miner
    from retrieval.mining.source import find_mining_source
    from retrieval.mining.writing import require_format
    from tools.contract import ToolContext
    from tools.literature.output.mining import run_mining

    workspace = state.workspace()
    require_format(output, "--output")
    source = find_mining_source(arguments.source, workspace.library)
    schema = Path(arguments.schema_file).expanduser() if arguments.schema_file else None
    with find_executor(ray or None, workers) as executor:
        miner = find_miner(arguments.task, schema, _client(llm, arguments.task), executor)
        with _recorded(workspace, arguments) as run, _shown(quiet=quiet) as observer:
            context = ToolContext(workspace, run)
            result = run_mining(
                source, miner, arguments.task, output, context, arguments.limit, observer
            )
            result = result.model_copy(update={"run": run.id})
            run.finish(result.model_dump(mode="json"))
    return result


def _client(llm: str | None, task: str) -> "Client | None":
    """Returns the language model: the one named, or for custom tasks the local one if it answers.

    Raises:
        PrerequisiteError: The one named does not answer.
    """
    from agent.llm.backends import is_url
    from agent.llm.batch import BatchExtractor
    from models.errors import PrerequisiteError

    settings = state.settings(llm=llm)
    if is_url(settings.llm):
        return BatchExtractor.connect(settings)
    if settings.llm != "auto" or task != "custom":
        return None
    try:
        return BatchExtractor.connect(settings)
    except PrerequisiteError:
        return None


@contextmanager
def _recorded(workspace: "Workspace", arguments: "Arguments") -> "Iterator[Run]":
    """Keeps a record of the command as of a tool call; one that was wrong leaves none."""
    from models.errors import PrerequisiteError, ToolError
    from models.store.runs import RunStore
    from tools.audit import audit
    from tools.registry import find_tool

    given = arguments.model_dump(mode="json", exclude_defaults=True)
    run = RunStore(workspace).start(TOOL, given)
    status = "failed"
    try:
        yield run
        status = "done"
    except (ToolError, PrerequisiteError):
        status = "refused"
        run.discard()
        raise
    except KeyboardInterrupt:
        status = "cancelled"
        run.fail(status, "interrupted by the person")
        typer.echo("Stopped; the same command goes on from here.", err=True)
        raise SystemExit(state.FAILED) from None
    except BaseException:
        run.fail(status, traceback.format_exc())
        raise
    finally:
        audit(workspace, find_tool(TOOL), given, status=status, run=run.id)


@contextmanager
def _shown(*, quiet: bool) -> "Iterator[Observer]":
    from rich.progress import BarColumn, Progress, TextColumn

    columns = [
        TextColumn("Mining"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.description}"),
    ]  # fmt: skip
    with Progress(*columns, console=state.console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda p: bar.update(task, completed=p.share, description=str(p))


def _print(result: "ToolResult") -> None:
    from rich.table import Table

    console = state.console()
    found: dict[str, Any] = result.data
    counts = Table("type", "name", "findings", "documents", title="Found", title_justify="left")
    for count in [*found["types"], *found["names"][:SHOWN]]:
        cells = count["type"], count["name"] or "all", count["findings"], count["documents"]
        counts.add_row(*(f"{cell:,}" if isinstance(cell, int) else cell for cell in cells))
    together = Table("one", "other", "documents", "lift", title="Together", title_justify="left")
    for pair in found["pairs"][:SHOWN]:
        together.add_row(
            pair["first"], pair["second"], f"{pair['documents']:,}", f"{pair['lift']:.2f}"
        )
    for table in (counts, together):
        if table.row_count:
            console.print(table)
    console.print(result.summary, markup=False)
    for made in result.artifacts:
        console.print(f"  {made.kind}: {made.path}", soft_wrap=True, markup=False)
