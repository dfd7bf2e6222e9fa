"""`theriac text`, in process: the commands start nothing that another test does not start."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli.text import app


def test_lists_tasks_and_shows_cards() -> None:
    listed = CliRunner().invoke(app, ["list", "--json"])
    assert listed.exit_code == 0, listed.output
    assert {"entities", "roles", "relations"} <= set(json.loads(listed.output))
    shown = CliRunner().invoke(app, ["show", "entities"])
    assert shown.exit_code == 0
    assert "Intended use" in shown.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["train", "entitys", ".", "--output", "made"], "did you mean 'entities'?"),
        (["train", "entities", ".", "--output", "made"], "train.tsv"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_made(
    arguments: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert told in done.output
    assert not (tmp_path / "made").exists()
