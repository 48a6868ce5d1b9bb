"""The command as a whole: help, errors, exit codes, streams."""

import os
import re
import signal
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from dood.cli import main
from dood.cli.arguments import names, whole
from dood.cli.console import Console
from dood.errors import DoodError

VERBS = (
    "draw",
    "demo",
    "parse",
    "models",
    "evaluate",
    "transfer",
    "clusters",
    "probe",
    "benchmark",
    "generate",
    "complete",
    "train",
    "runs",
    "data list",
    "data fetch",
    "data show",
)


def broken(error: BaseException):
    """A stand-in for the verb `models` that raises `error`."""

    def run(arguments: Namespace, console: Console) -> int:
        raise error

    return run


def test_help_loads_nothing_heavy() -> None:
    """How quick that makes it is for `make bench` to say."""
    heavy = "{'torch', 'numpy', 'PIL', 'rich', 'matplotlib', 'pyarrow'}"
    code = (
        f"import sys\nfrom dood.cli import main\ntry: main(['--help'])\nfinally: assert not {heavy} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "draw " in done.stdout


@pytest.mark.parametrize("verb", ["", "data", *VERBS])
def test_help_tells_what_how_and_gives_examples(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    with pytest.raises(SystemExit) as stop:
        main([*verb.split(), "--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert f"  {'dood ' + verb if verb else 'dood'}" in text.split("examples:")[1]
    options = text.split("options:\n")[1].split("\n\n")[0].splitlines()
    assert all(re.match(r"  -\S.* {2}\S", line) for line in options), "an option takes more than one line"


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "demo"])
def test_optional_values_name_their_default(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    with pytest.raises(SystemExit):
        main([*verb.split(), "--help"])
    text = capsys.readouterr().out
    for line in re.findall(r"^  (--\S+ [A-Z{].*)$", text.split("examples:")[0], re.MULTILINE):
        required = f"[{line.split()[0]} " not in text
        assert required or "(default: " in line or "again" in line or "instead" in line


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == "dood 0.1.0\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "VERB"),
        ("drow a.png", "'drow'"),
        ("draw", "PICTURE"),
        ("draw a.png --samples 0", "'0' is not a whole number of at least 1"),
        ("draw a.png --samples two", "'two' is not a whole number of at least 1"),
        ("draw a.png --polarity pink", "'pink'"),
        ("draw a.png --format ,", "',' names nothing"),
        ("draw a.png --stro 3", "--stro"),
        ("train --data mnist", "--out"),
        ("evaluate", "--data"),
        ("transfer", "--out"),
        ("clusters", "--out"),
        ("probe", "--models"),
        ("benchmark dogs", "'dogs'"),
        ("benchmark", "pens"),
        ("complete", "PICTURE"),
        ("data", "ACTION"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(line: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(line.split())
    assert stop.value.code == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert message in streams.err
    assert "--help)" in streams.err
    assert streams.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (DoodError("scan.png is empty: nothing to draw"), 1, "dood: scan.png is empty: nothing to draw\n"),
        (FileNotFoundError(2, "No such file", "x.png"), 1, "dood: x.png: No such file\n"),
        (KeyboardInterrupt(), 130, "dood: interrupted\n"),
        (RuntimeError("two\nlines"), 1, "dood: unexpected RuntimeError: two lines (DOOD_DEBUG=1 shows where"),
    ],
)
def test_errors_are_one_line(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("DOOD_DEBUG", raising=False)
    monkeypatch.setattr("dood.cli.models.run", broken(error))
    assert main(["models"]) == code
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.startswith(said)
    assert streams.err.count("\n") == 1


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOOD_DEBUG", "1")
    monkeypatch.setattr("dood.cli.models.run", broken(DoodError("seen")))
    with pytest.raises(DoodError, match="seen"):
        main(["models"])


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_reader_that_left_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "dood", "models", "--json"], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode == 128 + signal.SIGPIPE


def test_module_runs_as_the_command(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "dood", "--version"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "dood 0.1.0\n", "")


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Console().progress("drawing") as progress:
        assert progress is None
    assert capsys.readouterr().err == ""


def test_progress_moves_a_bar_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Console().progress("drawing") as progress:
        assert progress is not None
        progress(3, 4)
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "drawing" in streams.err
    with Console(quiet=True).progress("drawing") as progress:
        assert progress is None


def test_quiet_keeps_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(quiet=True)
    console.note("done")
    console.warn("a.png: broken")
    assert capsys.readouterr().err == "dood: a.png: broken\n"


def test_small_parsers() -> None:
    assert names("svg, json,svg") == ("svg", "json")
    assert whole(0)("0") == 0
