"""`theriac library fetch`: the one command that asks PubMed."""

from typing import Annotated

import typer

from agent.cli import state
from agent.cli.library.adding import add_with_progress, plain, print_report
from agent.cli.library.options import AsJson, open_library

SEARCHED_BY = frozenset({"NAME"})
"""What PubMed is rightly searched by: authors."""


def fetch(
    query: Annotated[str, typer.Argument(help="A query as on the website of PubMed.")],
    online: Annotated[bool, typer.Option("--online", help="Allow the use of the network.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=9999, help="At most so many articles.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Fetch what PubMed finds for a query and add it; only this leaves the machine: the query.

    Example: theriac library fetch "statins[ti] AND dementia" --online --limit 500
    """
    with state.errors(as_json=as_json):
        from rich.progress import MofNCompleteColumn, Progress

        from retrieval.entrez.client import EntrezClient
        from retrieval.entrez.download import download

        settings = state.settings()
        _require_online(query, allowed=online or settings.online)
        client = EntrezClient(settings)
        folder = state.workspace().library / "fetched"
        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        with Progress(*columns, console=state.console(stderr=True), disable=as_json) as bar:
            task = bar.add_task("Fetching", total=None)
            got = download(
                client, query, folder, limit, lambda n, of: bar.update(task, completed=n, total=of)
            )
        client.close()
        with open_library() as library:
            report = add_with_progress(library, [got.path], quiet=as_json)
        if as_json:
            fetched = {"found": got.found, "fetched": got.fetched, "file": str(got.path)}
            state.print_json(fetched | plain(report))
            return
        typer.echo(f"PubMed has {got.found} articles; {got.fetched} were fetched to {got.path}.")
        print_report(report)


def _require_online(query: str, *, allowed: bool) -> None:
    """Refuses to use the network unasked, or to send what identifies a person.

    Raises:
        PrerequisiteError: The network may not be used.
        ToolError: The query carries identifiers.
    """
    import shlex

    from agent.screen.redaction import find_identifiers
    from models.errors import FieldFault, PrerequisiteError, ToolError

    if not allowed:
        message = "Fetching sends the query to NCBI, which must be allowed."
        raise PrerequisiteError(message, f"theriac library fetch {shlex.quote(query)} --online")
    found = {identifier.label for identifier in find_identifiers(query)} - SEARCHED_BY
    if found:
        wrong = FieldFault(
            field="query", got=", ".join(sorted(found)), expected="no identifiers of persons"
        )
        raise ToolError("The query would send identifiers to NCBI.", wrong)
