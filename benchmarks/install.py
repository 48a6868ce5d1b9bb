"""What an installation costs: the wheel, all that it brings without torch, how long the first drawing then takes."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PIL import Image

from benchmarks.timing import ROOT, Result, fresh_process, medians
from dood.samples import sample_paths

__all__ = ["megabytes", "processor_seconds", "run"]

SIDE = 500
PICTURE = "house.png"


def run(*, repeats: int = 5, python: Path | None = None) -> Result:
    """Sizes in MB of the wheel and of a fresh virtual environment's packages; seconds of commands there.

    `*_cpu_s` are processor time, which other work on the machine disturbs less.

    Arguments:
        python: an environment that has dood already; without it one is made, which fetches the packages.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fresh_process(["-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)])
        (wheel,) = folder.glob("*.whl")
        sizes = {"wheel_mb": megabytes(wheel)}
        if python is None:
            python, sizes["install_mb"] = _installed(wheel, folder / "venv")
        picture = folder / "picture.png"
        with Image.open(next(path for path in sample_paths() if path.name == PICTURE)) as image:
            image.resize((SIDE, SIDE)).save(picture)
        draw = [python, "-m", "dood", "draw", picture, "--quiet", "--out", folder]
        calls = {
            "fresh_draw": partial(_call, *draw),
            "fresh_draw_model": partial(_call, *draw, "--model", "all"),
            "fresh_help": partial(_call, python, "-m", "dood", "--help"),
        }
        return Result(sizes | _timed(calls, repeats))


def _installed(wheel: Path, place: Path) -> tuple[Path, float]:
    """A virtual environment with the wheel, and the size of all that came with it in MB."""
    _call(sys.executable, "-m", "venv", place)
    (site,) = place.glob("[lL]ib/**/site-packages")
    before, python = megabytes(site), place / ("Scripts" if os.name == "nt" else "bin") / "python"
    _call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    return python, megabytes(site) - before


def _timed(calls: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    wall = {f"{name}_s": seconds for name, seconds in medians(calls, repeats).items()}
    processor = {f"{name}_cpu_s": min(processor_seconds(call) for _ in range(repeats)) for name, call in calls.items()}
    return wall | processor


def processor_seconds(call: Callable[[], object]) -> float:
    """Processor time of the processes that a call starts and waits for."""
    before, _, after = (
        resource.getrusage(resource.RUSAGE_CHILDREN),
        call(),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def megabytes(path: Path) -> float:
    """Size of a file, or of all files in a folder, without the compiled copies that Python makes by itself."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.lstat().st_size for each in files if each.is_file() and each.suffix != ".pyc") / 1e6


def _call(*arguments: str | Path) -> None:
    """Run a command where the sources are not to be found.

    Raises:
        RuntimeError: it failed; the message is its standard error.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT / "docs", env=environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, arguments))} failed: {done.stderr.strip()[-500:]}")
