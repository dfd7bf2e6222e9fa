"""How soon the command line answers."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from evals.registry import EvalOptions, Report, ReportTable, eval_task

REPEATS = 15
BAR = 2.0


@eval_task("startup", "theriac --help beside the import of typer alone (bar: below twice)")
def run(options: EvalOptions) -> Report:
    """Times both commands by turns, so that a busy moment of the machine meets both."""
    commands = {
        "python -c 'import typer'": [sys.executable, "-c", "import typer"],
        "theriac --help": [str(Path(sys.executable).with_name("theriac")), "--help"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(options.limit or REPEATS):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - started)
    bare, full = (statistics.median(values) for values in seconds.values())
    rows = [[name, statistics.median(values), min(values)] for name, values in seconds.items()]
    return Report(
        title="Command line start",
        tables=[ReportTable(title="Seconds", columns=["command", "median", "least"], rows=rows)],
        figures={"ratio of medians": full / bare, "bar": f"below {BAR}"},
    )
