"""Change one thing in the code at a time, and see whether the tests of its module notice.

python -m scripts.mutants --sample 200
python -m scripts.mutants --sample 20 --seed 7 --under src/dood/tracing --out /tmp/mutants.csv

A mutant is killed where a test fails, an import breaks or the time is up. Tests mirror the code: those of
`inference/bounds.py` are `tests/inference/test_bounds.py`, and where there is none, those of the whole folder.
"""

import argparse
import importlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dood.files import write_table
from scripts.interruption import run, run_killed_after
from scripts.mutations import Mutation, mutations

WINGS = ("src/dood/inference", "src/dood/models", "src/dood/tracing")
COLUMNS = ("file", "line", "mutation", "outcome")
COPIED = ("src", "tests", "pyproject.toml", "docs", "scripts")
USED = ("torch", "skimage.morphology", "skimage.measure", "scipy.ndimage", "PIL.Image", "safetensors.torch")
"""What the tests import: once, not for each mutant."""

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "killed (time)"


@dataclass(frozen=True)
class Mutant:
    """One change in one file of the code, from the repository's root."""

    file: Path
    mutation: Mutation


def main() -> int:
    """Run a sample, write the table and print the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--under", nargs="+", default=list(WINGS), help="folders or files of the code")
    parser.add_argument("--seconds", type=float, default=120.0, help="for the tests of one mutant")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no mutant after so many")
    parser.add_argument("--out", type=Path, default=Path("results/mutants.csv"))
    arguments = parser.parse_args()
    for name in USED:
        importlib.import_module(name)
    mutants = sample(Path(), arguments.under, arguments.sample, arguments.seed)
    rows: list[tuple[str, int, str, str]] = []
    until = time.monotonic() + 60 * arguments.minutes
    with tempfile.TemporaryDirectory(prefix="dood-mutants-") as scratch:
        copy = copied(Path(scratch))
        for mutant in mutants:
            if time.monotonic() > until:
                break
            outcome = tried(mutant, copy, arguments.seconds)
            rows.append((mutant.file.as_posix(), mutant.mutation.line, mutant.mutation.what, outcome))
            print(*rows[-1], sep="  ", flush=True)
            write_table(arguments.out, COLUMNS, sorted(rows))
    killed = sum(outcome != SURVIVED for *_, outcome in rows)
    print(f"{killed} of {len(rows)} killed")
    return 0


def sample(root: Path, under: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """Mutants of the code, drawn without replacement, each as likely as any other."""
    everything = [
        Mutant(file, mutation) for file in _files(root, under) for mutation in mutations((root / file).read_text())
    ]
    return random.Random(seed).sample(everything, min(count, len(everything)))


def its_tests(file: Path) -> list[str]:
    """The test files of a module: its own, or all of the nearest folder that has any."""
    place = Path("tests") / file.relative_to("src/dood")
    own = place.with_name(f"test_{place.name}")
    if own.exists():
        return [own.as_posix()]
    folder = next(folder for folder in place.parents if any(folder.glob("test_*.py")))
    return [folder.as_posix()]


def copied(folder: Path) -> Path:
    """A copy of the code and its tests."""
    for name in COPIED:
        if Path(name).is_dir():
            shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(name, folder / name)
    return folder


def tried(mutant: Mutant, copy: Path, seconds: float) -> str:
    """Change the copy, run the module's tests there, and change it back.

    Raises:
        RuntimeError: the tests fail on the code as it is.
    """
    path, tests = copy / mutant.file, tuple(its_tests(mutant.file))
    _check_whole(copy, tests)
    whole = path.read_text()
    path.write_text(mutant.mutation.text)
    try:
        ended = run_killed_after(lambda: _tested(copy, tests), copy / "said.txt", seconds)
    finally:
        path.write_text(whole)
    return TIMED_OUT if ended.code is None else KILLED if ended.code else SURVIVED


@cache
def _check_whole(copy: Path, tests: tuple[str, ...]) -> None:
    ended = run(lambda: _tested(copy, tests), copy / "said.txt")
    if ended.code:
        raise RuntimeError(f"{' '.join(tests)} fails without a change: {ended.said[-2000:]}")


def _tested(copy: Path, tests: Sequence[str]) -> int:
    """Run tests in the copy, with its code in place of what this process has of it."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("dood", "tests")]:
        del sys.modules[name]
    sys.path[:0] = [str(copy), str(copy / "src")]
    os.chdir(copy)
    os.environ |= {"CI": "1"}  # hypothesis tries the same examples every time
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))


def _files(root: Path, under: Sequence[str]) -> Iterator[Path]:
    for place in under:
        found = [root / place] if (root / place).is_file() else sorted((root / place).rglob("*.py"))
        yield from (path.relative_to(root) for path in found)


if __name__ == "__main__":
    raise SystemExit(main())
