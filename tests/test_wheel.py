"""The wheel: built from this tree, installed into an empty folder, used from there."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LARGEST = 25e6
"""Bytes: weights that `scripts/ship_weights.py` did not round make it larger."""

USE = """
import sys
sys.path.insert(0, sys.argv[1])
import dood
from dood.samples import sample_paths
assert dood.__file__.startswith(sys.argv[1]), dood.__file__
print(len(dood.draw(sample_paths()[0]).strokes), "torch" in sys.modules)
print(len(dood.draw(sample_paths()[0], model="mnist", strokes=6, refine=0).strokes), "torch" in sys.modules)
print(dood.load("mnist").config.resolution)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    (wheel,) = folder.glob("dood-*.whl")
    assert wheel.stat().st_size < LARGEST
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--target", folder / "lib", wheel)
    return folder / "lib"


def run(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_draws_and_loads_from_where_it_was_installed(installed: Path) -> None:
    *drawn, resolution = run("-I", "-B", "-W", "error", "-c", USE, installed).splitlines()
    for line in drawn:
        strokes, torch = line.split()
        assert int(strokes) >= 1
        assert torch == "False", "neither tracing nor a shipped model needs torch"
    assert resolution == "50"


def test_it_holds_the_package_and_nothing_else(installed: Path) -> None:
    assert {path.name for path in installed.iterdir() if path.name != "bin"} == {"dood", "dood-0.1.0.dist-info"}
    assert files(installed / "dood") == files(ROOT / "src" / "dood")


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if "__pycache__" not in path.parts}
