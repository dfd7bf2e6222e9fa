"""`theriac library`: what goes in, what is found, what there is, what goes out."""

import typer

from agent.cli.library import adding, exporting, fetching, holdings, removing, searching

app = typer.Typer(no_args_is_help=True, help="The library of medical literature.")
app.command("add")(adding.add)
app.command("fetch")(fetching.fetch)
app.command("search")(searching.search)
app.command("neighbours")(searching.neighbours)
app.command("stats")(holdings.stats)
app.command("status")(holdings.status)
app.command("remove")(removing.remove)
app.command("export")(exporting.export)
app.command("repair")(holdings.repair)
