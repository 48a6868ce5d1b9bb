"""Change one thing in the code at a time, and see whether the tests of its module notice.

python -m scripts.mutants --sample 200
python -m scripts.mutants --sample 20 --seed 7 --under src/dood/tracing --out /tmp/mutants.csv

A mutant is killed where a test fails, an import breaks or the time is up. Tests mirror the code: for
`inference/bounds.py` those of `tests/inference` are run, `test_bounds.py` first.

A mutant that computes the same may be named in `scripts/equivalent_mutants.csv`, with the reason; it is not run, and counted
apart.
"""

import argparse
import csv
import importlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dood.files import write_table
from scripts.interruption import run, run_killed_after
from scripts.mutations import Mutation, mutations

WINGS = ("src/dood/inference", "src/dood/models", "src/dood/tracing")
COLUMNS = ("file", "line", "column", "mutation", "outcome")
EQUIVALENTS = Path("scripts/equivalent_mutants.csv")
"""Of each: file, the line of code as it is, column, mutation, and the reason why nothing that it computes changes."""

COPIED = ("src", "tests", "pyproject.toml", "docs", "scripts")
USED = ("torch", "skimage.morphology", "skimage.measure", "scipy.ndimage", "PIL.Image", "safetensors.torch")
"""What the tests import: once, not for each mutant."""

KILLED, SURVIVED, TIMED_OUT, EQUIVALENT = "killed", "survived", "killed (time)", "equivalent"


Row = tuple[str, int, int, str, str]
Key = tuple[str, str, int, str]


@dataclass(frozen=True)
class Mutant:
    """One change in one file of the code, from the repository's root."""

    file: Path
    mutation: Mutation

    def row(self, outcome: str) -> Row:
        """Of the table of results."""
        return self.file.as_posix(), self.mutation.line, self.mutation.column, self.mutation.what, outcome


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
    rows: list[Row] = []
    equal = equivalents(EQUIVALENTS)
    until = time.monotonic() + 60 * arguments.minutes
    with tempfile.TemporaryDirectory(prefix="dood-mutants-") as scratch:
        copy = copied(Path(scratch))
        for mutant in mutants:
            if time.monotonic() > until:
                break
            outcome = EQUIVALENT if key(mutant, Path()) in equal else tried(mutant, copy, arguments.seconds)
            rows.append(mutant.row(outcome))
            print(*rows[-1], sep="  ", flush=True)
            write_table(arguments.out, COLUMNS, sorted(rows))
    outcomes = [outcome for *_, outcome in rows]
    killed, same = outcomes.count(KILLED) + outcomes.count(TIMED_OUT), outcomes.count(EQUIVALENT)
    print(f"{killed} of {len(rows)} killed, {same} equivalent, {len(rows) - killed - same} survived")
    return 0


def sample(root: Path, under: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """Mutants of the code, drawn without replacement, each as likely as any other."""
    everything = [
        Mutant(file, mutation) for file in _files(root, under) for mutation in mutations((root / file).read_text())
    ]
    return random.Random(seed).sample(everything, min(count, len(everything)))


def its_tests(file: Path) -> list[str]:
    """The test files of a module: its own, then the others of the nearest folder that has any."""
    place = Path("tests") / file.relative_to("src/dood")
    folder = next(folder for folder in place.parents if any(folder.glob("test_*.py")))
    own = place.with_name(f"test_{place.name}")
    return [test.as_posix() for test in sorted(folder.glob("test_*.py"), key=lambda test: (test != own, test))]


def equivalents(table: Path) -> Mapping[Key, str]:
    """Why each mutant of the table computes the same."""
    with table.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {(row["file"], row["code"], int(row["column"]), row["mutation"]): row["reason"] for row in rows}


def key(mutant: Mutant, root: Path) -> Key:
    """What names a mutant as long as its line of code stays: not the line's number."""
    code = (root / mutant.file).read_text().splitlines()[mutant.mutation.line - 1]
    return mutant.file.as_posix(), code.strip(), mutant.mutation.column, mutant.mutation.what


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
    sys.dont_write_bytecode = True  # a mutant as long as the one before, in the same second, would be taken for it
    os.environ |= {"CI": "1"}  # hypothesis tries the same examples every time
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))


def _files(root: Path, under: Sequence[str]) -> Iterator[Path]:
    for place in under:
        found = [root / place] if (root / place).is_file() else sorted((root / place).rglob("*.py"))
        yield from (path.relative_to(root) for path in found)


if __name__ == "__main__":
    raise SystemExit(main())
