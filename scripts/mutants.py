"""Change one thing in the code at a time, and see whether the tests of its module notice.

python -m scripts.mutants --sample 200
python -m scripts.mutants --sample 20 --seed 7 --under src/dood/tracing --out /tmp/mutants.csv

A mutant is killed where a test fails, an import breaks or the time is up. Tests mirror the code: for
`models/priors/made.py` those of `tests/models` are run, `priors/test_made.py` first and then the others of `priors`.

A mutant that computes the same may be named in `scripts/equivalent_mutants.csv`, with the reason; it is not run, and
counted apart. Most mutants change the code of a function: there the tests are collected once, and each mutant is a fork
of that process in which the function has other code. What runs at import (constants, tables) is changed in a copy of
the repository.
"""

import argparse
import csv
import gc
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dood.files import write_table
from scripts.interruption import run
from scripts.mutations import Mutation, mutations
from scripts.patching import NotInFunctions, caches_in, functions_in, patch

WINGS = ("src/dood/inference", "src/dood/models", "src/dood/tracing")
COLUMNS = ("file", "line", "column", "mutation", "outcome")
EQUIVALENTS = Path("scripts/equivalent_mutants.csv")
"""Of each: file, the line of code as it is, column, mutation, and the reason why nothing that it computes changes."""

COPIED = ("src", "tests", "pyproject.toml", "docs", "scripts")
USED = ("torch", "scipy.ndimage", "PIL.Image", "safetensors.torch")
"""What the tests import: once, not for each mutant."""

KILLED, SURVIVED, TIMED_OUT, EQUIVALENT = "killed", "survived", "killed (time or memory)", "equivalent"
IMPORTED = "at import"
SAME, FAILED, UNPATCHED = 0, 1, 71
"""Exit codes of a trial: the tests pass, one fails, and the mutant is not in the code of functions."""

ENDS: dict[int | None, str] = {
    SAME: SURVIVED,
    FAILED: KILLED,
    UNPATCHED: IMPORTED,
    -signal.SIGXCPU: TIMED_OUT,
    -signal.SIGKILL: TIMED_OUT,  # by the system, when the memory is full
}

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
    parser.add_argument("--under", nargs="+", default=list(WINGS), help="folders or files that the sample is of")
    parser.add_argument("--only", default="", help="run those of the sample whose file's name has this in it")
    parser.add_argument("--seconds", type=float, default=120.0, help="of processor time, for the tests of one mutant")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no mutant in a function's code after so many")
    parser.add_argument("--out", type=Path, default=Path("results/mutants.csv"))
    arguments = parser.parse_args()
    for name in USED:
        importlib.import_module(name)
    mutants = [
        mutant
        for mutant in sample(Path(), arguments.under, arguments.sample, arguments.seed)
        if arguments.only in mutant.file.as_posix()
    ]
    rows = [mutant.row(outcome) for mutant, outcome in outcomes(mutants, arguments.seconds, 60 * arguments.minutes)]
    if not arguments.only:
        write_table(arguments.out, COLUMNS, sorted(rows))
    ends = [outcome for *_, outcome in rows]
    killed, same = ends.count(KILLED) + ends.count(TIMED_OUT), ends.count(EQUIVALENT)
    print(f"{killed} of {len(rows)} killed, {same} equivalent, {len(rows) - killed - same} survived")
    return 0


def outcomes(mutants: Sequence[Mutant], seconds: float, whole: float) -> Iterator[tuple[Mutant, str]]:
    """What became of each that was begun within the `whole` of seconds, those in the code of functions first."""
    until = time.monotonic() + whole
    equal = equivalents(EQUIVALENTS)
    rest = [mutant for mutant in mutants if key(mutant, Path()) not in equal]
    yield from ((mutant, EQUIVALENT) for mutant in mutants if mutant not in rest)
    with tempfile.TemporaryDirectory(prefix="dood-mutants-") as scratch:
        copy = copied(Path(scratch))
        said = Path(scratch) / "outcomes.jsonl"
        files = sorted({test for mutant in rest for test in its_tests(mutant.file)})
        ended = run(lambda: _tested(copy, files, _Trials(copy, rest, seconds, until, said)), copy / "said.txt")
        if not said.exists():
            raise RuntimeError(f"the tests cannot be collected: {ended.said[-2000:]}")
        found = dict(map(json.loads, said.read_text().splitlines()))
        if "broken" in found:
            raise RuntimeError(f"tests fail without a change: {found['broken']}")
        for number, mutant in enumerate(rest):
            if number not in found:
                continue
            outcome = found[number] if found[number] != IMPORTED else tried(mutant, copy, seconds)
            print(*mutant.row(outcome), sep="  ", flush=True)
            yield mutant, outcome


class _Trials:
    """A plugin of pytest that runs the tests of each mutant in a fork, once all tests are collected.

    Attributes:
        copy: the repository's copy, which is the working folder.
        until: no mutant is begun after that moment.
        said: where [number, outcome] of each mutant is written.
    """

    def __init__(self, copy: Path, mutants: Sequence[Mutant], seconds: float, until: float, said: Path) -> None:
        self.copy, self.mutants, self.seconds, self.until, self.said = copy, mutants, seconds, until, said
        self.killer = copy / "killer.txt"
        self.kills: Counter[str] = Counter()
        """Mutants killed so far by each file: those that killed most are run first."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        log = self.copy / "said-inside.txt"
        files = {test for mutant in self.mutants for test in its_tests(mutant.file)}
        whole = run(lambda: self._passed(session, sorted(files)), log)
        if whole.code:
            self._say("broken", whole.said[-2000:])
            return True
        self.functions, self.caches = functions_in(str(self.copy)), caches_in(str(self.copy))
        gc.freeze()  # or a fork's collector touches, and so copies, all that there is
        for number, mutant in enumerate(self.mutants):
            if time.monotonic() > self.until:
                break
            ended = run(lambda mutant=mutant: self._tried(session, mutant), log)
            outcome = ENDS.get(ended.code)
            if outcome is None:
                self._say("broken", f"{mutant.row('')}: {ended.said[-2000:]}")
                return True
            self._say(number, outcome)
            if outcome == KILLED:
                self.kills[self.killer.read_text()] += 1
        return True

    def _say(self, number: int | str, outcome: str) -> None:
        with self.said.open("a") as file:
            file.write(json.dumps([number, outcome]) + "\n")

    def _tried(self, session: pytest.Session, mutant: Mutant) -> int:
        path = self.copy / mutant.file
        try:
            patch(self.functions, str(path), path.read_text(), mutant.mutation.text)
        except NotInFunctions:
            return UNPATCHED
        for cached in self.caches:
            cached.cache_clear()
        limit_time(self.seconds)
        return self._passed(session, sorted(its_tests(mutant.file), key=lambda file: -self.kills[file]))

    def _passed(self, session: pytest.Session, files: Sequence[str]) -> int:
        """Run the collected tests of files, in their order, until one fails."""
        by_file = {file: [item for item in session.items if file_of(item) == file] for file in files}
        items = [item for file in files for item in by_file[file]]
        if not items:
            raise RuntimeError(f"no test is in {files}")
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                self.killer.write_text(file_of(item))
                return FAILED
        return SAME


def file_of(item: pytest.Item) -> str:
    """A test's file, from the repository's root."""
    return item.location[0].replace(os.sep, "/")


def limit_time(seconds: float) -> None:
    """End this process after so many seconds of processor time: on a busy machine, others pass without notice."""
    resource.setrlimit(resource.RLIMIT_CPU, (round(seconds), round(seconds) + 5))


def sample(root: Path, under: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """Mutants of the code, drawn without replacement, each as likely as any other."""
    everything = [
        Mutant(file, mutation) for file in _files(root, under) for mutation in mutations((root / file).read_text())
    ]
    return random.Random(seed).sample(everything, min(count, len(everything)))


def its_tests(file: Path) -> list[str]:
    """The test files of a module: its own, then those of its folder, then the others of its wing."""
    place = Path("tests") / file.relative_to("src/dood")
    own, wing = place.with_name(f"test_{place.name}"), Path(*place.parts[:2])
    found = sorted(wing.rglob("test_*.py"), key=lambda test: (test != own, test.parent != place.parent, test))
    return [test.as_posix() for test in found]


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
    """Change the copy, run the module's tests there, and change it back."""
    path, tests = copy / mutant.file, its_tests(mutant.file)
    whole = path.read_text()
    path.write_text(mutant.mutation.text)
    try:
        ended = run(lambda: (limit_time(seconds), _tested(copy, tests))[1], copy / "said.txt")
    finally:
        path.write_text(whole)
    return TIMED_OUT if ended.code == -signal.SIGXCPU else KILLED if ended.code else SURVIVED


def _tested(copy: Path, tests: Sequence[str], *plugins: object) -> int:
    """Run tests in the copy, with its code in place of what this process has of it."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("dood", "tests")]:
        del sys.modules[name]
    sys.path[:0] = [str(copy), str(copy / "src")]
    os.chdir(copy)
    sys.dont_write_bytecode = True  # a mutant as long as the one before, in the same second, would be taken for it
    os.environ |= {"CI": "1"}  # hypothesis tries the same examples every time
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests], plugins))


def _files(root: Path, under: Sequence[str]) -> Iterator[Path]:
    for place in under:
        found = [root / place] if (root / place).is_file() else sorted((root / place).rglob("*.py"))
        yield from (path.relative_to(root) for path in found)


if __name__ == "__main__":
    raise SystemExit(main())
