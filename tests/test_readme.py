"""README: its commands are run, or, where that takes long, held against what the command says of itself."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import dood
from dood.cli import main

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text()
SAMPLES = Path(dood.__file__).parent / "samples"

QUICK = ("draw", "generate", "exemplars", "invent letters/", "complete", "classify --support")
"""Commands that take seconds, by how they begin; each of them is run."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    """Every line of every block of sh, in words; `export` is not one of them."""
    lines = [shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines()]
    return [words for words in lines if words and words[0] != "export"]


def of(program: str) -> list[list[str]]:
    return [words[1:] for words in commands() if words[0] == program]


def is_quick(words: list[str]) -> bool:
    return " ".join(words).startswith(QUICK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that README's commands name."""
    folder = tmp_path_factory.mktemp("readme")
    sample = {path.stem: path.read_bytes() for path in SAMPLES.iterdir() if path.suffix in (".png", ".jpg")}
    names = {
        "scan.png": "smiley",
        "plan.png": "house",
        "house.png": "house",
        "digit.png": "three",
        "sketch.jpg": "snapshot",
        "scans/one.png": "fish",
        "scans/two.png": "star",
        "letters/a.png": "letter-a",
        "letters/k.png": "letter-k",
        "letters/s.png": "letter-s",
        "unknown1.png": "letter-a",
        "unknown2.png": "letter-k",
    }
    for name, picture in names.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(sample[picture])
    (folder / "docs").symlink_to(ROOT / "docs")
    return folder


def test_it_is_short() -> None:
    assert len(TEXT.splitlines()) <= 120


@pytest.mark.parametrize("words", of("dood"), ids=" ".join)
def test_the_command_has_the_verb_and_the_options(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    first_option = next((i for i, word in enumerate(words) if word.startswith("--")), len(words))
    assert main([*words[:first_option], "--help"]) == 0
    described = capsys.readouterr().out
    assert words[0] in described
    for option in [word for word in words if word.startswith("--")]:
        assert re.search(rf"{option}\b", described), option


@pytest.mark.parametrize("words", [words for words in of("dood") if is_quick(words)], ids=" ".join)
def test_quick_ones_do_what_they_say(
    words: list[str], folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert main(words) == 0
    said = capsys.readouterr().out.split()
    if words[0] == "classify":
        assert [word for word in said if word in ("a", "k")] == ["a", "k"]
    else:
        written = [Path(line) for line in said]
        assert written
        assert all(path.stat().st_size for path in written)


def test_quick_ones_are_there() -> None:
    assert sum(map(is_quick, of("dood"))) == 11


def test_what_make_is_asked_for_is_there() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = [*(word for words in of("make") for word in words), *re.findall(r"`make (\w+)`", TEXT)]
    assert {"demo", "test", "docs"} <= set(asked) <= set(targets)


def test_what_pip_is_asked_for_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(re.findall(r"pip install '\.\[(\w+)\]'", TEXT)) <= set(project["optional-dependencies"])
    pinned = (ROOT / "requirements.lock").read_text().splitlines()
    assert [word for words in of("pip") for word in words if "==" in word and word not in pinned] == []


def test_python_runs(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})
    assert (folder / "scan.svg").is_file()
    assert capsys.readouterr().out


def test_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", TEXT) if "://" not in link]
    assert len(links) > 20
    assert [link for link in links if not (ROOT / link).exists()] == []
