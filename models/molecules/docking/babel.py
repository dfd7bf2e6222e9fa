"""Open Babel, called as the program that its package brings: protonation and PDBQT."""

import os
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

VERSION = "3.1.0"
"""Names the folders of the package's plug-ins and data."""
SECONDS = 120
"""A structure that takes longer is beyond it."""


class BabelError(ValueError):
    """Open Babel made nothing of its input; the message is its own."""


def convert(content: str, source: str, wanted: str, *options: str) -> str:
    """Converts a text.

    Args:
        content: What to convert.
        source: Its format: smi, mol, pdb.
        wanted: The format to make: can, pdbqt.
        options: Further options of the program.

    Raises:
        BabelError: Nothing came of it.
    """
    program, environment = _program()
    command = [str(program), f"-i{source}", f"-o{wanted}", *options]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, text=True, timeout=SECONDS,
            env=environment, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        message = f"Open Babel gave up after {SECONDS} s"
        raise BabelError(message) from None
    if done.returncode or not done.stdout.strip():
        reason = next((line for line in done.stderr.splitlines() if line.strip("= *")), "nothing")
        message = f"Open Babel: {reason.strip()}"
        raise BabelError(message)
    return done.stdout


@cache
def _program() -> tuple[Path, dict[str, str]]:
    spec = find_spec("openbabel")
    assert spec and spec.origin  # noqa: S101  # a dependency of this program
    folder = Path(spec.origin).parent
    environment = os.environ | {
        "BABEL_LIBDIR": str(folder / "lib" / "openbabel" / VERSION),
        "BABEL_DATADIR": str(folder / "share" / "openbabel" / VERSION),
    }
    return folder / "bin" / "obabel", environment
