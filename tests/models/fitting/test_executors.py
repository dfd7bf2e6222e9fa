import importlib.util
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import ToolError
from models.fitting.executors import InProcess, Processes, Threads, find_executor

ROOT = Path(__file__).parents[3]

every_local = pytest.mark.parametrize(
    "make", [InProcess, lambda: Threads(3), lambda: Processes(2)], ids=["here", "threads", "others"]
)


@every_local
def test_results_come_in_the_order_of_the_items(make: type[InProcess]) -> None:
    with make() as executor:
        assert list(executor.map(math.sqrt, range(50))) == [math.sqrt(n) for n in range(50)]


@every_local
def test_items_are_drawn_only_a_few_ahead(make: type[InProcess]) -> None:
    drawn = []

    def endless() -> Iterator[int]:
        n = 0
        while True:
            drawn.append(n)
            yield n
            n += 1

    with make() as executor:
        results = executor.map(math.sqrt, endless())
        assert [next(results) for _ in range(3)] == [0, 1, math.sqrt(2)]
    assert len(drawn) <= 3 + 2 * 3


@every_local
def test_errors_of_the_function_are_raised_here(make: type[InProcess]) -> None:
    with make() as executor, pytest.raises(ValueError, match=r"math|nonnegative"):
        list(executor.map(math.sqrt, [4, -1, 9]))


def test_options_name_the_executor() -> None:
    assert isinstance(find_executor(), InProcess)
    with find_executor(workers=2) as chosen:
        assert isinstance(chosen, Processes)
    for wrong in ({"workers": 0}, {"workers": 10_000}, {"ray": "auto", "workers": 2}):
        with pytest.raises(ToolError):
            find_executor(**wrong)  # type: ignore[arg-type]


def test_without_ray_the_package_is_named() -> None:
    hide = (
        "import sys; sys.modules['ray'] = None\n"
        "from models.fitting.executors import RayCluster\n"
        "try: RayCluster('local')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", hide], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "PrerequisiteError" in done.stdout
    assert "pip install 'theriac[ray]'" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="the extra ray is not installed"
)
def test_a_real_ray_cluster_gives_the_same() -> None:
    code = (
        "import math\n"
        "from models.fitting.executors import RayCluster\n"
        "with RayCluster('local') as executor:\n"
        "    print(sum(executor.map(math.sqrt, range(200))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
        env=os.environ | {"RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}, timeout=120,
    )  # fmt: skip
    assert done.stdout.strip() == str(sum(map(math.sqrt, range(200))))
