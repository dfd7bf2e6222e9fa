"""Every command that the README shows is run, in its order, in one workspace."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from models.images.phantoms.bodies import write_classes, write_outlines

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^\$ (theriac .*)$", README, flags=re.MULTILINE)
LINKS = re.findall(r"\]\(([^)#:]+)\)", README)


@pytest.mark.slow
def test_every_command_works(tmp_path: Path) -> None:
    assert len(COMMANDS) >= 8
    environment = os.environ | {"THERIAC_LLM": "embedded", "COLUMNS": "100"}
    (tmp_path / "articles.jsonl").write_text(
        '{"pmid": "1", "title": "A trial of rest", "abstract": "Rest helped 12 of 20 patients."}\n'
    )
    write_classes(tmp_path / "scans/lesions", 40)
    write_outlines(tmp_path / "scans/outlined", 40)
    new = write_outlines(tmp_path / "scans/unread", 1, seed=1) / "images/phantom_000.png"
    new.rename(tmp_path / "scans/new.png")
    (tmp_path / "questions.txt").write_text("What can you do?\nDescribe whas500\n")
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        path = Path(sys.executable).with_name(program)
        done = subprocess.run(
            [path, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-800:]}\n{done.stderr[-800:]}"


@pytest.mark.parametrize("link", LINKS)
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
