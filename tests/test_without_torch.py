"""The command line where torch is not installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from dood.drawing import Drawing
from dood.samples import sample_paths

HIDDEN = (
    "import sys; sys.modules['torch'] = sys.modules['jaxtyping'] = None; from dood.cli import main; sys.exit(main())"
)
"""As if neither were there."""


def dood(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", HIDDEN, *map(str, arguments)], capture_output=True, text=True)


@pytest.mark.parametrize("more", [(), ("--model", "all", "--strokes", "6", "--refine", "2")])
def test_pictures_are_drawn(tmp_path: Path, more: tuple[str, ...]) -> None:
    done = dood("draw", sample_paths()[0], "--out", tmp_path, *more)
    assert done.returncode == 0, done.stderr
    (drawn,) = tmp_path.glob("*.json")
    assert Drawing.from_json(drawn.read_text()).strokes


def test_drawings_are_made_up(tmp_path: Path) -> None:
    done = dood("generate", "--model", "mnist", "--count", "3", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("000?.svg"))) == 3


@pytest.mark.parametrize("more", [(), ("--model", "all")])
def test_a_picture_is_drawn_again(tmp_path: Path, more: tuple[str, ...]) -> None:
    done = dood("exemplars", sample_paths()[0], "--count", "2", "--out", tmp_path, *more)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*-[12].json"))) == 2


def test_a_drawing_is_gone_on_with(tmp_path: Path) -> None:
    done = dood("complete", sample_paths()[0], "--count", "2", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*-[12].json"))) == 2


def test_the_papers_way_of_completing_says_that_it_needs_torch(tmp_path: Path) -> None:
    done = dood("complete", sample_paths()[0], "--way", "paper", "--out", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "dood: way 'paper' of completing needs torch: pip install 'dood[torch]'\n"


def test_characters_are_invented(tmp_path: Path) -> None:
    letters = [path for path in sample_paths() if path.stem.startswith("letter")]
    done = dood("invent", *letters, "--count", "2", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("000[12].svg"))) == 2


def test_collections_are_parsed(tmp_path: Path) -> None:
    done = dood("parse", *sample_paths()[:2], "--out", tmp_path, "--strokes", "3")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "part-000000.jsonl").exists() or list(tmp_path.glob("part-*"))


@pytest.mark.parametrize(
    "arguments",
    [("train", "--data", "synthetic", "--out", "x"), ("classify", "a.png", "--support", "b.png", "c.png")],
    ids=lambda a: a[0],
)
def test_a_verb_that_needs_torch_says_how_to_get_it(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = dood(*arguments)
    assert done.returncode == 1
    assert done.stderr == f"dood: dood {arguments[0]} needs torch: pip install 'dood[torch]'\n"


def test_a_model_that_needs_torch_is_named(tmp_path: Path) -> None:
    done = dood("generate", "--model", "mnist:joint-prior", "--out", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("dood: mnist:joint-prior ")
    assert done.stderr.endswith("pip install 'dood[torch]'\n")


def test_names_of_the_package_say_so_too() -> None:
    hidden = "import sys; sys.modules['torch'] = None"
    code = f"{hidden}\nimport dood\ntry: dood.train\nexcept ValueError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "dood.train needs torch: pip install 'dood[torch]'\n"
