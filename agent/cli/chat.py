"""`theriac chat`: a conversation that a restart does not end."""

from typing import Annotated

import typer

from agent.cli import state


def chat(
    thread: Annotated[str, typer.Option(help="The conversation's name.")] = "main",
    llm: Annotated[str, typer.Option(help="A server's URL, provider:model, or embedded.")] = "",
    yes: Annotated[bool, typer.Option(help="Make costly calls without asking.")] = False,
) -> None:
    """Talk in a thread; leave with an empty line, `exit` or Ctrl-D.

    Example: theriac chat --thread trial-a
    """
    with state.errors():
        from agent.cli.dialogue import Dialogue
        from agent.session import Assistant

        with Assistant(state.workspace(), state.settings(llm=llm or None)) as assistant:
            assistant.surroundings.approve_all = yes
            assistant.warm()
            dialogue = Dialogue(assistant, thread)
            dialogue.greet()
            while (request := dialogue.listen()) is not None:
                dialogue.turn(request)
