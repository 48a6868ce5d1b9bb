"""`dood parse`: what it hands to the library, what it says, and its exit code."""

import inspect
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dood.checkpoints import checkpoint
from dood.cli import main
from dood.collection import collection
from dood.collection.collection import Outcome, parse_collection
from dood.data import write_npz
from dood.tasks.reading import STROKES
from tests.tiny import scribbles_uint8, tiny_model


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a stand-in for the library was called with; `call["outcome"]` is what it returns."""
    made: dict[str, Any] = {"outcome": Outcome()}
    signature = inspect.signature(parse_collection)

    def stand_in(*args: Any, **kwargs: Any) -> Outcome:
        made.update(signature.bind(*args, **kwargs).arguments)
        return made["outcome"]

    monkeypatch.setattr(collection, "parse_collection", stand_in)
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    return made


def test_every_option_is_passed(call: dict[str, Any], tmp_path: Path) -> None:
    line = (
        f"parse a.npz b --out {tmp_path} --split test --shard-size 9 --processes 3 --model omniglot "
        "--strokes 9 --samples 3 --refine 5 --keep-all --polarity light --frame ink --batch 6 --seed 4"
    )
    assert main(line.split()) == 0
    del call["outcome"]
    assert call.pop("options") == {
        "strokes": 9,
        "samples": 3,
        "seed": 4,
        "refine": 5,
        "prune": False,
        "frame": "ink",
    }
    assert call == {
        "inputs": [Path("a.npz"), Path("b")],
        "out": tmp_path,
        "model": "omniglot",
        "shard_size": 9,
        "split": "test",
        "polarity": "light",
        "batch": 6,
        "processes": 3,
        "rank": 0,
        "world": 1,
        "progress": None,
    }


def test_the_defaults_are_the_library_s(call: dict[str, Any], tmp_path: Path) -> None:
    main(["parse", "a.npz", "--out", str(tmp_path)])
    parameters = inspect.signature(parse_collection).parameters
    given = {name for name in parameters if name in call} - {"inputs", "out", "options"}
    assert {name: call[name] for name in given} == {name: parameters[name].default for name in given}
    assert call["options"]["strokes"] == STROKES


def test_torchrun_says_which_part_is_this_process_s(
    call: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "3")
    monkeypatch.setenv("WORLD_SIZE", "8")
    assert main(["parse", "a.npz", "--out", str(tmp_path)]) == 0
    assert (call["rank"], call["world"]) == (3, 8)


def test_files_go_to_stdout_and_the_rest_to_stderr(call: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    call["outcome"] = Outcome([Path("o/part-000001.jsonl")], 3, 20, 2)
    assert main(["parse", "a.npz", "--out", "o"]) == 0
    streams = capsys.readouterr()
    assert streams.out == "o/part-000001.jsonl\n"
    assert streams.err.splitlines() == [
        "dood: 2 pictures could not be drawn: their records say why",
        "parsed 20 images into 1 files, 3 files were there",
    ]


def test_a_shard_that_failed_is_named_and_the_exit_code_is_1(
    call: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    call["outcome"] = Outcome(failed=[("part-000002.jsonl", "a.npz is damaged")])
    assert main(["parse", "a.npz", "--out", "o", "--quiet"]) == 1
    assert capsys.readouterr().err == "dood: part-000002.jsonl: a.npz is damaged\n"


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_leaves_finished_files_only(tmp_path: Path) -> None:
    checkpoint.save(tiny_model(), tmp_path / "tiny.safetensors")
    write_npz(tmp_path / "set.npz", {"images": scribbles_uint8(200).numpy()})
    out = tmp_path / "out"
    line = f"parse {tmp_path}/set.npz --out {out} --model {tmp_path}/tiny.safetensors --shard-size 2"
    process = subprocess.Popen(
        [sys.executable, "-m", "dood", *line.split(), "--refine", "5"],
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(out.glob("part-*")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "dood: interrupted\n")
    assert 0 < len(list(out.glob("part-*"))) < 100
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []
