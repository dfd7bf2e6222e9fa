"""Evals of a language model through the command line, against a real vLLM server."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

ANSWER_TOKENS = "96"
"""A tiny model writes what it was not taught until it may write no more."""

QUESTIONS = (
    "Does the following SMILES pass the PAINS filter? smiles: CCO",
    "Calculate the QED of the smiles: CC(=O)Oc1ccccc1C(=O)O",
)


def run_eval(folder: Path, *arguments: str) -> str:
    """Returns what `theriac eval run` prints; its settings are the environment's."""
    settings = {"THERIAC_ANSWER_TOKENS": ANSWER_TOKENS, "THERIAC_WORKSPACE": str(folder / "ws")}
    made = subprocess.run(
        [Path(sys.executable).with_name("theriac"), "eval", "run", *arguments],
        capture_output=True, text=True, check=False, env=os.environ | settings, cwd=folder,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


def test_routing_prints_the_planners_table_with_tokens_and_seconds(
    tiny: Any, tmp_path: Path
) -> None:
    printed = run_eval(tmp_path, "routing", "--llm", tiny.url, "--limit", "3")
    for said in ("By group", "right tool or stop", "tokens_in_mean", "tokens_out_mean"):
        assert said in printed
    report = json.loads(run_eval(tmp_path, "routing", "--llm", tiny.url, "--limit", "3", "--json"))
    figures = report["figures"]
    assert figures["requests"] == 3
    assert figures["tokens_in_mean"] > figures["tokens_out_mean"] > 0
    assert figures["seconds_mean"] > 0
    methods = next(t for t in report["tables"] if t["columns"] == ["method", "right"])
    assert [row[0] for row in methods["rows"]][-2:] == ["the embedded planner", "tiny"]


def test_molecule_questions_are_also_put_to_the_bare_model(tiny: Any, tmp_path: Path) -> None:
    (tmp_path / "cactus_sample.txt").write_text("\n".join(QUESTIONS))
    report = json.loads(
        run_eval(tmp_path, "cactus", "--llm", tiny.url, "--data", str(tmp_path), "--json")
    )
    bare = next(t for t in report["tables"] if t["title"].startswith("Bare tiny"))
    assert [row[:2] for row in bare["rows"]] == [["PAINS", 1], ["QED", 1], ["all", 2]]
    figures = report["figures"]
    assert 0 <= figures["bare_model_right_values"] <= 1
    assert figures["bare_model_tokens_per_question"] > 0
    assert figures["bare_model_seconds_per_question"] > 0
