"""The command as a whole: help, errors, exit codes, streams."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dood.cli import main
from dood.cli.app import make_app
from dood.cli.console import Console, complain, harmless
from dood.errors import DoodError
from dood.samples import sample_paths

VERBS = (
    "draw",
    "demo",
    "studio",
    "parse",
    "models",
    "evaluate",
    "transfer",
    "clusters",
    "probe",
    "drawers",
    "benchmark",
    "generate",
    "complete",
    "exemplars",
    "invent",
    "classify",
    "spreads",
    "quality",
    "train",
    "train-pen",
    "refit",
    "runs",
    "data list",
    "data fetch",
    "data show",
)


def broken(error: BaseException):
    """A stand-in for the verb `models` that raises `error`."""

    def models() -> None:
        raise error

    return models


def test_help_and_wrong_usage_load_nothing_heavy() -> None:
    """How quick that makes them is for `make bench` to say."""
    heavy = "{'torch', 'numpy', 'PIL', 'matplotlib', 'pyarrow', 'scipy', 'skimage'}"
    lines = [["--help"], *([*verb.split(), "--help"] for verb in VERBS)]
    lines += [["draw"], ["train", "--out", "x", "--set", "a=1"]]
    code = (
        f"import sys\nfrom dood.cli import main\nfor line in {lines!r}: main(line)\n"
        f"assert not {heavy} & {{*sys.modules}}, {heavy} & {{*sys.modules}}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "draw " in done.stdout


def test_the_first_page_lists_what_people_want_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    assert main(["--help"]) == 0
    parts = re.split("(?:Drawings|Research|Options):\n", capsys.readouterr().out)
    assert "  dood draw scan.png" in parts[0].split("examples:\n")[1]
    assert all(re.match(r"  --\S+(, -h)?  +[A-Z].*\.$", line) for line in parts[3].split("\n\n")[0].splitlines())
    drawings, research = (re.findall(r"^  ([a-z-]+)  +\S", text, re.MULTILINE) for text in parts[1:3])
    assert drawings == ["draw", "demo", "studio", "generate", "complete", "exemplars", "invent", "classify"]
    assert {verb.split()[0] for verb in VERBS} == {*drawings, *research}


def test_the_first_page_needs_no_library_of_command_lines() -> None:
    code = (
        "import sys\nfrom dood.cli import main\nassert main(['--help']) == 0 and main([]) == 2\n"
        "assert not {'cyclopts', 'rich', 'attr', 'numpy'} & {*sys.modules}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == done.stderr.strip()


def test_the_first_page_is_the_same_with_more_words_beside_help(capsys: pytest.CaptureFixture[str]) -> None:
    pages = []
    for line in (["--help"], ["-h"], ["--help", "-h"]):
        assert main(line) == 0
        pages.append(capsys.readouterr().out)
    assert len(set(pages)) == 1


def help_of(verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "110")
    assert main([*verb.split(), "--help"]) == 0
    streams = capsys.readouterr()
    assert streams.err == ""
    return streams.out


def options_in(text: str) -> list[str]:
    """The options of a help page with all that is said of each, and without the frame."""
    lines = re.findall(r"^│ (.*) │$", text, re.MULTILINE)
    joined = re.sub(r"\n {6,}(?=\S)", " ", "\n".join(line.rstrip() for line in lines))
    return re.findall(r"^[* ]*(-.*)$", joined, re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_help_tells_what_how_and_gives_examples(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = help_of(verb, capsys, monkeypatch)
    assert f"  dood {verb}" in text.split("examples:\n")[1]
    options = options_in(text)
    assert options
    for line in options:
        assert re.search(r"\S {2,}[A-Z0-9]\S* \S", line), "an option is not described"


@pytest.mark.parametrize("verb", VERBS)
def test_optional_values_name_their_default(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in options_in(help_of(verb, capsys, monkeypatch)):
        takes_a_value = re.match(r"--\S+ [A-Z]+", line)
        if takes_a_value and not re.search(r"\[(default: .*|required)\]$", line):
            assert re.search(r"by default|again|[Ii]nstead|only|[Ww]ith --runs|unless|table|page|this model", line)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "dood 0.1.0\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("drow a.png", '"drow". Did you mean "draw"?'),
        ("draw", "PICTURE requires an argument"),
        ("draw a.png --samples 0", '"0" for --samples'),
        ("draw a.png --samples two", '--samples: "two" is not a whole number'),
        ("draw a.png --samples 1.5", '--samples: "1.5" is not a whole number'),
        ("draw a.png --samples", "--samples requires"),
        ("draw a.png --seed -1", '"-1" for --seed'),
        ("draw a.png --seed 18446744073709551616", "for --seed. Must be <= 4294967295"),
        ("draw a.png --batch 99999999999999999999", "for --batch. Must be <= "),
        ("draw a.png --min-length nan", "for --min-length"),
        ("draw a.png --polarity pink", '"pink" for --polarity. Choose from: "auto", "dark", "light"'),
        ("draw a.png --polarity drak", 'Did you mean "dark"?'),
        ("draw a.png --format ,", '"," names nothing'),
        ("draw a.png --sampels 3", "--sampels. Did you mean --samples?"),
        ("draw a.png --strokes 3", "--strokes is for drawing with --model"),
        ("draw a.png --model mnist --simplify 3", "--simplify is for drawing without --model"),
        ("draw a\0b.png", "NUL"),
        ("draw a.png --out a\0b", "NUL"),
        ("train --data mnist", "--out"),
        ("train --out x --device tpu", '"tpu" for --device. Choose from: "cpu", "cuda"'),
        ("evaluate", "--data"),
        ("transfer", "--out"),
        ("transfer --models --out t.csv", "--models requires"),
        ("clusters --models mnist", "--out"),
        ("probe", "--models"),
        ("benchmark dogs", '"dogs"'),
        ("benchmark", "OF requires"),
        ("complete", "PICTURE"),
        ("data fech mnist", 'Did you mean "fetch"?'),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(line: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split(" ")) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.startswith("dood: ")
    assert message in streams.err
    assert "--help)" in streams.err or "NUL" in message
    assert streams.err.count("\n") == 1


@pytest.mark.parametrize("line", [[], ["data"]])
def test_without_a_verb_the_verbs_are_listed_and_the_exit_code_is_2(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "Usage: dood" in streams.err


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
    monkeypatch.setattr("dood.cli.data.models", broken(error))
    assert main(["models"]) == code
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.startswith(said)
    assert streams.err.count("\n") == 1


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOOD_DEBUG", "1")
    monkeypatch.setattr("dood.cli.data.models", broken(DoodError("seen")))
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
    complain("a.png: broken")
    assert capsys.readouterr().err == "dood: a.png: broken\n"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("café 字.png", "café 字.png"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("two\nlines\t\x9b", r"two\nlines\t\x9b"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("b\udcffd", r"b\udcffd"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(name: str, shown: str) -> None:
    assert harmless(name) == shown


def run_demo(tmp_path: Path, redirection: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`dood draw` of a picture with an awkward name, by a shell; what it writes lies in `out`."""
    picture = tmp_path / "a\x1b[1mé.png"
    sample = min(sample_paths(), key=lambda path: path.stat().st_size)
    picture.write_bytes(sample.read_bytes())
    command = f'"{sys.executable}" -m dood draw "$PICTURE" --out out --format json {redirection}'
    return subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env={**os.environ, "PICTURE": str(picture), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="redirections of a POSIX shell")
@pytest.mark.parametrize(
    ("redirection", "encoding", "code", "said"),
    [
        ("", "ascii:strict", 0, r"out/a\x1b[1m\xe9.json"),
        (">&-", "utf-8", 0, "drew 1 of 1"),
        ("2>&-", "utf-8", 0, r"out/a\x1b[1mé.json"),
        (">&- 2>&-", "utf-8", 0, ""),
        ("> /dev/full", "utf-8", 1, "dood: cannot write to standard output: No space left on device"),
    ],
)
def test_files_are_written_whatever_the_streams_are(
    redirection: str, encoding: str, code: int, said: str, tmp_path: Path
) -> None:
    if "/dev/full" in redirection and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    done = run_demo(tmp_path, redirection, PYTHONIOENCODING=encoding)
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr
    assert "unexpected" not in done.stderr
    assert len(list((tmp_path / "out").glob("*.json"))) == 1


def test_completion_knows_verbs_and_options() -> None:
    script = make_app().generate_completion(shell="bash")
    for word in ("exemplars", "train-pen", "--polarity", "fetch"):
        assert word in script
