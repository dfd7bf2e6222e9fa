"""What must hold for every registered tool, whoever wrote it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import tools
from models.errors import ToolError
from tools.contract import ToolResult
from tools.registry import MINIMUM_UTTERANCES, Tool, all_tools, find_tool

ROLES = {
    "article_id", "best", "bound_ligand", "choice", "column", "columns", "count", "dataset",
    "evaluations", "event_values", "images", "model", "molecule_count", "number", "objective",
    "path", "point", "protein", "proteins", "query", "receptor", "records", "row", "scaffold",
    "seconds", "seed", "similarity", "smiles", "target", "text", "year",
}  # fmt: skip
HEAVY_PACKAGES = ("torch", "rdkit", "monai", "chromadb", "sklearn", "sksurv", "pandas", "shap")

every_tool = pytest.mark.parametrize("tool", all_tools().values(), ids=lambda tool: tool.name)


@every_tool
def test_one_file_carries_the_name_of_its_tool(tool: Tool) -> None:
    assert re.fullmatch(rf"tools\.[a-z]+\.{tool.name}", tool.function.__module__)


def test_every_module_that_registers_a_tool_has_its_utterances_beside_it() -> None:
    root = Path(next(iter(tools.__path__)))
    rooms = [path for path in root.glob("*/*.py") if re.search(r"(?m)^@tool\(", path.read_text())]
    assert {path.stem for path in rooms} == set(all_tools())
    assert [path.name for path in rooms if not path.with_suffix(".txt").exists()] == []


@every_tool
def test_docstring_says_what_when_and_when_not(tool: Tool) -> None:
    first = tool.description.splitlines()[0]
    assert first.endswith(".")
    assert len(first) <= 140
    assert "When to use:" in tool.description
    assert "When not:" in tool.description


@every_tool
def test_every_argument_is_described_and_has_a_role(tool: Tool) -> None:
    for name, field in tool.schema.get("properties", {}).items():
        assert field.get("description"), name
        assert field.get("role", "choice" if "enum" in str(field) else None) in ROLES, name


@every_tool
def test_schema_refuses_what_it_does_not_know(tool: Tool) -> None:
    assert tool.schema["additionalProperties"] is False
    with pytest.raises(ToolError) as caught:
        tool.parse({"no_such_argument": 1})
    assert "no_such_argument" in [fault.field for fault in caught.value.faults]


@every_tool
def test_utterances_are_many_and_varied(tool: Tool) -> None:
    assert len(tool.utterances) >= MINIMUM_UTTERANCES
    plain = {re.sub(r"\W+", " ", line).strip().casefold() for line in tool.utterances}
    assert len(plain) == len(tool.utterances)
    assert len({len(line.split()) for line in tool.utterances}) >= 6


def test_no_utterance_belongs_to_two_tools() -> None:
    owners: dict[str, str] = {}
    for tool in all_tools().values():
        for line in tool.utterances:
            assert owners.setdefault(line.casefold(), tool.name) == tool.name, line


def test_registry_imports_no_heavy_package() -> None:
    code = (
        "import sys; from tools.registry import all_tools; all_tools();"
        f"print([name for name in {HEAVY_PACKAGES} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_unknown_tool_is_named_with_the_nearest() -> None:
    with pytest.raises(ToolError) as caught:
        find_tool("train_survial_model")
    assert caught.value.faults[0].suggestion == "train_survival_model"


def test_summary_has_a_limit() -> None:
    with pytest.raises(ValueError, match="1500"):
        ToolResult(summary="x" * 1501)
