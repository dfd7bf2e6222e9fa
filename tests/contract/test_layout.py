"""Where things lie: rooms by domain, few modules in a folder."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "retrieval", "tools", "agent", "evals")
FULLEST_FOLDER = 16


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_models_are_sorted_into_rooms() -> None:
    assert {path.name for path in (ROOT / "models").glob("*.py")} == {"__init__.py", "errors.py"}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_sources_is_a_package_that_says_what_it_holds(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    assert all((folder / "__init__.py").read_text().startswith('"""') for folder in folders)


def test_no_folder_holds_more_modules_than_one_can_overlook() -> None:
    modules = Counter(path.parent for path in sources() if path.name != "__init__.py")
    assert [str(folder) for folder, count in modules.items() if count > FULLEST_FOLDER] == []
