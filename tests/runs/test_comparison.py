"""The page that compares runs: what it holds, that it needs nothing else, and that names cannot break it."""

import base64
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dood.errors import DoodError
from dood.runs.comparison import comparison_page
from dood.runs.runs import find_runs
from tests.folders import TRAIN, record, write_run

pytest.importorskip("matplotlib", reason="the page needs matplotlib, the extra `plots`")

VOID = ("meta", "img")


class Balanced(HTMLParser):
    """Notes the text of each element, and refuses a tag that closes another."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th"):
            self.cells[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.cells[-1][-1] += data


def page_of(*folders: Path) -> tuple[str, Balanced]:
    page = comparison_page(find_runs(folders))
    reader = Balanced()
    reader.feed(page)
    assert reader.open == []
    return page, reader


def two(folder: Path) -> None:
    write_run(folder / "a", record(5), record(10), train=TRAIN | {"beta": 1.5}, pictures=(5, 10))
    write_run(folder / "b", record(5), record(10, bound=150.0), record(20), train=TRAIN | {"beta": 4.0}, pictures=(5,))


def test_figures_settings_curves_and_pictures(tmp_path: Path) -> None:
    two(tmp_path)
    page, reader = page_of(tmp_path)
    assert reader.cells[1] == [
        *("a", "mnist", "3", "10/20", "5", "110.0", "0.05000", "0.0200", "4.25"),
        *("110.0 at 10", "no"),
    ]
    assert reader.cells[2][-2:] == ["150.0 at 10", "yes"]
    assert ["beta", "1.5", "4.0"] in reader.cells
    assert "<b>120.0</b>" in page
    assert "<b>110.0</b>" not in page
    labels = [attributes["alt"] for tag, attributes in reader.seen if tag == "img"]
    assert labels[:2] == ["learning curves by images seen, thousands", "learning curves by minutes of training"]
    first, second = contents_of(reader, "image/svg+xml")
    assert b"<svg" in first
    assert first != second


def contents_of(reader: Balanced, kind: str) -> list[bytes]:
    """The images of a kind inside the page."""
    head = f"data:{kind};base64,"
    sources = [attributes["src"] or "" for tag, attributes in reader.seen if tag == "img"]
    return [base64.b64decode(source.removeprefix(head)) for source in sources if source.startswith(head)]


def test_the_latest_picture_of_each_run_is_inside(tmp_path: Path) -> None:
    two(tmp_path)
    page, reader = page_of(tmp_path)
    latest = [tmp_path / "a" / "reconstructions-0000010.png", tmp_path / "b" / "reconstructions-0000005.png"]
    assert contents_of(reader, "image/png") == [path.read_bytes() for path in latest]
    assert "a, step 10" in page
    assert "b, step 5" in page


def test_the_page_needs_no_other_file(tmp_path: Path) -> None:
    two(tmp_path)
    page, _ = page_of(tmp_path)
    assert not re.search(r"https?:|@import|url\(|<script|<link", page)
    assert str(tmp_path) not in page


def test_a_run_with_nothing_yet_has_its_place(tmp_path: Path) -> None:
    write_run(tmp_path / "new")
    page, reader = page_of(tmp_path)
    assert "<h1>1 training run</h1>" in page
    assert "new: no pictures yet" in page
    assert "None that is noted." in page
    assert reader.cells[1] == ["new", "-", "-", "0", *"-------"]
    assert "<b>" not in page


def test_names_and_values_cannot_break_the_page(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "<b>&\"x' {0}", record(5, warning="<i>"), notes={"data": "<u>"}, pictures=(5,))
    _, reader = page_of(folder)
    assert not {"b", "i", "u"} & {tag for tag, _ in reader.seen}
    assert reader.cells[1][:2] == ["<b>&\"x' {0}", "<u>"]


def test_runs_on_other_data_are_not_ranked(tmp_path: Path) -> None:
    two(tmp_path)
    write_run(tmp_path / "c", record(10), train=TRAIN | {"data": "omniglot"})
    page, _ = page_of(tmp_path)
    assert "<b>Not all of these measure the same: they differ in data.</b>" in page
    assert "<td><b>" not in page


def test_warnings_are_told(tmp_path: Path) -> None:
    write_run(tmp_path / "a", record(5, warning="early"), record(10, warning="too few strokes"))
    page, _ = page_of(tmp_path)
    assert "<li>a, step 10: too few strokes</li>" in page


def test_long_settings_are_cut_and_hashes_told_apart(tmp_path: Path) -> None:
    long = "mnist+" * 12 + "mnist"
    write_run(tmp_path / "a", notes={"data": long, "data_sha256": "a" * 64})
    write_run(tmp_path / "b", notes={"data": "mnist", "data_sha256": "a" * 64 + "+" + "b" * 64})
    page, reader = page_of(tmp_path)
    assert ["data", f"{long[:40]}…", "mnist"] in reader.cells
    assert ["data_sha256", "aaaaaaaa", "aaaaaaaa+bbbbbbbb"] in reader.cells
    assert f'title="{long}"' in page


def test_without_matplotlib_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two(tmp_path)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(DoodError, match=r"dood\[plots\]"):
        page_of(tmp_path)


def test_no_runs_make_no_page() -> None:
    with pytest.raises(DoodError, match="a comparison of 0 runs"):
        comparison_page([])


def test_a_picture_that_is_gone_is_named(tmp_path: Path) -> None:
    two(tmp_path)
    found = find_runs([tmp_path])
    found[0].pictures[-1].unlink()
    with pytest.raises(DoodError, match=r"cannot read .*reconstructions-0000010.png: No such file"):
        comparison_page(found)
