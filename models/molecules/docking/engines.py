"""Engines that are warm: borrowed for a ligand, given back for the next."""

import atexit
import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.molecules.docking.proteins.box import Box

POLL_SECONDS = 0.25


class EngineError(ValueError):
    """Vina cannot dock what it was given; the message is its own."""


@dataclass(frozen=True)
class Setting:
    """What an engine is made for.

    Attributes:
        receptor: The protein as PDBQT.
        box: Where to search.
        seed: Vina's; never 0, which would mean a random one.
        cpu: Threads.
        many: Computes the grids of all types of atoms once, not each ligand's own: that takes as
            long as four ligands' own, and gives the same numbers.
    """

    receptor: str
    box: Box
    seed: int
    cpu: int
    many: bool


class Engine:
    """One process of Vina.

    Args:
        setting: What it is made for.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        # A pipe that nobody reads would fill up.
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the engine
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "models.molecules.docking.engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=os.environ | {"PYTHONPATH": paths},
        )
        self._rest = b""
        box = setting.box
        self._send(
            {
                "receptor": setting.receptor, "center": box.center, "size": box.size,
                "seed": setting.seed, "cpu": setting.cpu, "many": setting.many,
            }
        )  # fmt: skip

    def dock(
        self, ligand: str, exhaustiveness: int, poses: int, alive: Callable[[], None]
    ) -> dict[str, Any]:
        """Docks a ligand.

        Args:
            ligand: As PDBQT.
            exhaustiveness: Independent searches.
            poses: How many to keep at most.
            alive: Called again and again while Vina works; may raise to end it.

        Returns:
            `scores`, best first, in kcal/mol, and `poses`, the PDBQT of all of them.

        Raises:
            EngineError: Vina refuses the ligand, or has died of it.
        """
        request = {"ligand": ligand, "exhaustiveness": exhaustiveness, "poses": poses}
        self._send(request)
        answer = self._receive(alive)
        if error := answer.get("error"):
            raise EngineError(f"Vina: {error}")
        return answer

    @property
    def runs(self) -> bool:
        """Whether it can take another ligand."""
        return self._process.poll() is None

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._complaints):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin  # noqa: S101  # piped above
        with contextlib.suppress(BrokenPipeError):  # the answer will tell
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def _receive(self, alive: Callable[[], None]) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101  # piped above
        reader = self._process.stdout.fileno()
        while b"\n" not in self._rest:
            alive()
            if select.select([reader], [], [], POLL_SECONDS)[0]:
                chunk = os.read(reader, 1 << 16)
                if not chunk:
                    raise EngineError(self._last_words())
                self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        """Returns why the process ended: Vina ends it itself over what it cannot read."""
        code = self._process.wait()
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").splitlines()
        errors = [line.strip() for line in said if "error" in line.casefold()]
        return f"Vina ended with status {code}{': ' if errors else ''}{' '.join(errors[-1:])}"


class Engines:
    """The engines of this process that wait for their next ligand."""

    def __init__(self) -> None:
        self._idle: list[Engine] = []
        self._lock = threading.Lock()
        atexit.register(self.close)

    def dock(
        self,
        setting: Setting,
        ligand: str,
        exhaustiveness: int,
        poses: int,
        alive: Callable[[], None],
    ) -> dict[str, Any]:
        """Docks with an engine of that setting, started where none is idle; see `Engine.dock`."""
        engine = self._borrow(setting)
        try:
            answer = engine.dock(ligand, exhaustiveness, poses, alive)
        except EngineError:
            if engine.runs:
                self._give_back(engine)
            else:
                engine.close()
            raise
        except BaseException:
            engine.close()
            raise
        self._give_back(engine)
        return answer

    def close(self) -> None:
        """Ends all that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for engine in idle:
            engine.close()

    def _borrow(self, setting: Setting) -> Engine:
        with self._lock:
            fitting = [one for one in self._idle if one.setting == setting and one.runs]
            others = [one for one in self._idle if one not in fitting]
            chosen = fitting.pop() if fitting else None
            self._idle = fitting
        for engine in others:
            engine.close()
        return chosen or Engine(setting)

    def _give_back(self, engine: Engine) -> None:
        with self._lock:
            self._idle.append(engine)


ENGINES = Engines()
"""Of this process."""
