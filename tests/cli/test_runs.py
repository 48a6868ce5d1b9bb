"""`dood runs`: the table, the JSON, the page, and what it says of bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dood.cli import main
from tests.folders import TRAIN, record, write_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two runs: `worse` is unfinished and warned of something."""
    write_run(tmp_path / "runs" / "better", record(10), record(20), train=TRAIN, notes={"steps": "20"}, pictures=(20,))
    write_run(tmp_path / "runs" / "worse", record(5, warning="early"), record(10, warning="too few strokes"))
    return tmp_path / "runs"


def test_a_table_best_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(folder)]) == 0
    streams = capsys.readouterr()
    head, *rows = streams.out.splitlines()
    assert head.split() == ["name", "data", "seed", "steps", "seconds", "bound", "mse", "mae", "strokes"]
    assert [row.split() for row in rows] == [
        ["better", "mnist", "3", "20/20", "10", "120.0", "0.03333", "0.0200", "4.25"],
        ["worse", "-", "-", "10", "5", "110.0", "0.05000", "0.0200", "4.25", "!"],
    ]
    assert rows[0].index("120.0") == rows[1].index("110.0") == head.index("bound")
    assert streams.err == "! worse, step 10: too few strokes (and 1 before)\n"


def test_the_folder_runs_is_looked_into_by_default(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert main(["runs", "--sort", "seconds", "--quiet"]) == 0
    streams = capsys.readouterr()
    assert [row.split()[0] for row in streams.out.splitlines()] == ["name", "worse", "better"]
    assert streams.err == ""


def test_json_is_for_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--json", str(folder)]) == 0
    streams = capsys.readouterr()
    better, worse = json.loads(streams.out)
    assert (better["name"], better["bound"], better["finished"], better["total"]) == ("better", 120.0, True, 20)
    assert better["settings"]["model.strokes"] == "6"
    assert better["best"]["step"] == 20
    assert (worse["data"], worse["finished"]) == (None, None)
    assert worse["warnings"] == ["step 5: early", "step 10: too few strokes"]
    assert streams.err == ""


def test_the_page_is_written_beside_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder.parent / "page.html"
    assert main(["runs", str(folder), "--page", str(page)]) == 0
    streams = capsys.readouterr()
    assert streams.out.count("\n") == 3
    assert f"wrote {page}\n" in streams.err
    assert "<h1>2 training runs</h1>" in page.read_text(encoding="utf-8")


def test_runs_that_measure_different_things_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_run(folder / "other", record(5), train=TRAIN | {"data": "omniglot"})
    assert main(["runs", str(folder)]) == 0
    assert "not all of these measure the same: they differ in data\n" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_leaves_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for page in (folder / "missing" / "page.html", folder / "better"):
        assert main(["runs", str(folder), "--page", str(page)]) == 1
        streams = capsys.readouterr()
        assert streams.out == ""
        assert streams.err.startswith(f"dood: cannot write {page}: ")
        assert streams.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("runs nowhere", "there is no folder nowhere"),
        ("runs empty", "there is no training run in empty: dood train --out empty/NAME makes one"),
        ("runs full --sort beauty", "runs have no order 'beauty'; there are: bound, mse"),
    ],
)
def test_bad_input_is_one_line(
    line: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    write_run(tmp_path / "full" / "r", record(5))
    monkeypatch.chdir(tmp_path)
    assert main(line.split()) != 0
    streams = capsys.readouterr()
    assert streams.out == ""
    assert said in streams.err
    assert streams.err.count("\n") == 1


def test_listing_loads_no_torch(folder: Path) -> None:
    code = (
        "import sys\nfrom dood.cli import main\n"
        f"main(['runs', {str(folder)!r}])\n"
        "assert not {'torch', 'PIL', 'rich', 'matplotlib'} & set(sys.modules)\n"
        f"main(['runs', {str(folder)!r}, '--page', {str(folder / 'page.html')!r}])\n"
        "assert not {'torch', 'rich'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "page.html").exists()
