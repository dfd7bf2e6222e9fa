"""`theriac library remove`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from agent.cli import state
from agent.cli.library.options import AsJson, open_library

if TYPE_CHECKING:
    from retrieval.removal import Removal

SHOWN = 5


def remove(
    ids: Annotated[
        Optional[list[str]],  # noqa: UP045  # typer reads the older form faster
        typer.Argument(help="PMIDs, DOIs or other ids."),
    ] = None,
    file: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option(help="What came from this file and from no other; may be repeated."),
    ] = None,
    retracted: Annotated[bool, typer.Option(help="All retracted articles.")] = False,
    yes: Annotated[bool, typer.Option(help="Remove without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove articles from the library, after asking.

    An article that was removed by its id comes back only with a file that is added anew.

    Example: theriac library remove --retracted
    """
    with state.errors(as_json=as_json), open_library() as library:
        removal = library.removal(ids or [], file or [], retracted=retracted)
        _require_something(removal, bool(ids or file or retracted))
        count = len(removal.documents)
        if (count or removal.files) and not (yes or _agreed(removal, quiet=as_json)):
            raise SystemExit(state.FAILED)
        gone = removal.run()
        if as_json:
            state.print_json({"removed": gone, "files": removal.files})
        else:
            typer.echo(f"{gone} documents were removed.")


def _require_something(removal: "Removal", given: bool) -> None:
    from models.errors import FieldFault, ToolError

    if not given:
        expected = "ids, --file PATH or --retracted"
        wrong = FieldFault(field="IDS", got="nothing", expected=expected)
        raise ToolError("Nothing was named to be removed.", wrong)


def _agreed(removal: "Removal", *, quiet: bool) -> bool:
    """Shows what is to go and asks; where nobody can answer, --yes must have been given."""
    from models.errors import FieldFault, ToolError

    if quiet or not sys.stdin.isatty():
        wrong = FieldFault(field="--yes", got="not given", expected="--yes, as nobody can be asked")
        raise ToolError(f"{len(removal.documents)} documents would be removed.", wrong)
    for document in list(removal.documents.values())[:SHOWN]:
        typer.echo(f"  {document.title or 'untitled'} ({document.article_id})")
    if len(removal.documents) > SHOWN:
        typer.echo(f"  and {len(removal.documents) - SHOWN} more")
    return typer.confirm(f"Remove {len(removal.documents)} documents?")
