"""`theriac ask`: one question, or a file of them."""

from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import state

if TYPE_CHECKING:
    from agent.session import Assistant
    from agent.state import Answer

FILE_HELP = "A file with one request a line, or - for standard input; prints a JSON line for each."


def ask(
    request: Annotated[str, typer.Argument(help="The request, in plain words.")] = "",
    file: Annotated[str, typer.Option(help=FILE_HELP)] = "",
    llm: Annotated[str, typer.Option(help="A server's URL, provider:model, or embedded.")] = "",
    thread: Annotated[str, typer.Option(help="A conversation to go on with.")] = "",
    plan_only: Annotated[bool, typer.Option(help="Show the calls; make none.")] = False,
    yes: Annotated[bool, typer.Option(help="Make costly calls without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Answer a request.

    Example: theriac ask "Does high blood pressure reduce the risk of chronic low back pain?"
    """
    with state.errors(as_json=as_json):
        if bool(request) == bool(file):
            raise typer.BadParameter("give a request, or --file FILE")
        from agent.session import Assistant

        chosen = state.settings(llm=llm or None)
        with Assistant(state.workspace(), chosen) as assistant:
            assistant.surroundings.approve_all = yes
            if file:
                state.each_line(
                    file, lambda line: _reply(assistant, line, thread, plan_only).model_dump()
                )
            elif as_json or plan_only:
                answer = _reply(assistant, request, thread, plan_only)
                state.print_json(answer.model_dump())
            else:
                from agent.cli.dialogue import Dialogue

                Dialogue(assistant, thread or None).turn(request)


def _reply(assistant: "Assistant", request: str, thread: str, plan_only: bool) -> "Answer":
    if plan_only:
        return assistant.plan(request, thread or None)
    return assistant.ask(request, thread or None)
