"""What must hold for every model family, whoever wrote it."""

import importlib
import pkgutil
import re

import pytest

import models
from models.store.registry import families


@pytest.mark.parametrize("kind", families())
def test_family_states_its_kind_and_a_short_prefix(kind: str) -> None:
    module = importlib.import_module(f"models.{families()[kind]}.family")
    assert kind == module.KIND
    assert re.fullmatch(r"[a-z]{2,4}", module.PREFIX)
    assert callable(module.load)


def test_prefixes_are_distinct() -> None:
    found = [importlib.import_module(f"models.{package}.family") for package in families().values()]
    assert len({module.PREFIX for module in found}) == len(found)


def test_no_module_loads_pickles() -> None:
    roots = list(pkgutil.walk_packages(models.__path__, "models."))
    for item in roots:
        spec = item.module_finder.find_spec(item.name, None)  # type: ignore[call-arg]
        source = spec.loader.get_source(item.name) if spec and spec.loader else ""  # type: ignore[attr-defined]
        assert not re.search(
            r"(?m)^\s*(import|from) pickle|pickle\.load|joblib\.load|weights_only=False",
            source or "",
        ), item.name
