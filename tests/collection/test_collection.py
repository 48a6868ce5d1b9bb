"""Large collections: what is in the files, and that a run which was stopped, or shared out, gives the same ones."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dood.checkpoints import checkpoint
from dood.collection import collection
from dood.collection.collection import Outcome, parse_collection
from dood.collection.records import Record, read_records
from dood.data import images_at, write_npz
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.tasks.draw import draw
from tests.tiny import scribbles_uint8, tiny_model

IMAGES = scribbles_uint8(7).numpy()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    checkpoint.save(tiny_model(), path)
    return path


@pytest.fixture
def array(tmp_path: Path) -> Path:
    path = tmp_path / "set.npz"
    write_npz(path, {"images": IMAGES})
    return path


def test_a_name_that_is_not_utf_8_is_parsed_like_any_other(model: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    save(tmp_path / "in" / "a.png")
    odd = os.fsencode(tmp_path / "in") + b"/b\xff.png"
    with open(odd, "wb") as file:
        file.write((tmp_path / "in" / "a.png").read_bytes())
    parse_collection([tmp_path / "in"], tmp_path / "out", model=model, strokes=2)
    found = records(tmp_path / "out")
    assert [record.source for record in found] == [str(tmp_path / "in" / "a.png"), os.fsdecode(odd)]
    assert all(record.drawing for record in found)
    assert parse_collection([tmp_path / "in"], tmp_path / "out", model=model, strokes=2), "and it goes on"


@pytest.fixture
def parse(model: Path, array: Path) -> Callable[..., Outcome]:
    """`parse(out, **options)` parses the 7 images in 4 shards."""
    settings = {"model": model, "shard_size": 2, "strokes": 2}
    return lambda out, **options: parse_collection([array], out, **{**settings, **options})


def contents(out: Path) -> dict[str, bytes]:
    """Every file, hidden ones too."""
    return {path.name: path.read_bytes() for path in out.iterdir()}


def records(out: Path) -> list[Record]:
    return [record for path in sorted(out.glob("part-*")) for record in read_records(path)]


def save(path: Path, box: tuple[int, int, int, int] = (10, 5, 14, 35)) -> Path:
    image = Image.new("L", (60, 40), 255)
    image.paste(0, box)
    image.save(path)
    return path


def test_every_image_has_a_record_in_order(parse: Callable[..., Outcome], array: Path, tmp_path: Path) -> None:
    outcome = parse(tmp_path / "out")
    names = [f"part-{i:06}.jsonl" for i in range(4)]
    assert outcome == Outcome([tmp_path / "out" / name for name in names], 0, 7, 0, [])
    assert sorted(contents(tmp_path / "out")) == ["_parse.json", *names]
    assert [(record.source, record.index) for record in records(tmp_path / "out")] == [
        (str(array), i) for i in range(7)
    ]


def test_images_of_arrays_are_seen_as_in_training(
    parse: Callable[..., Outcome], model: Path, array: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[np.ndarray] = []

    def draw_rasters(rasters: np.ndarray, placements: list, sizes: list, *rest: object, **options: object) -> list:
        seen.append(rasters)
        assert options == {"strokes": 3, "samples": 1, "seed": 0, "refine": 0, "prune": True}
        assert placements[0].to_pixels([[-1, -1], [1, 1]]).tolist() == [[0, 0], [30, 30]]
        return [Drawing(*size) for size in sizes]

    monkeypatch.setattr(collection, "draw_rasters", draw_rasters)
    large = np.kron(IMAGES, np.ones((1, 3, 3), np.uint8))[:, :30, :30]
    write_npz(array, {"images": large})
    parse(tmp_path / "out", shard_size=7, batch=4, strokes=3)
    assert [len(rasters) for rasters in seen] == [4, 3]
    np.testing.assert_array_equal(np.concatenate(seen), images_at(large, 12).astype(np.float32) / np.float32(255))
    assert {
        (record.drawing.width, record.drawing.height) for record in records(tmp_path / "out") if record.drawing
    } == {(30, 30)}


def test_pictures_are_drawn_as_draw_does_and_unreadable_ones_recorded(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    good = [save(folder / "a.png"), save(folder / "c.png", (2, 30, 50, 36))]
    (folder / "b.png").write_bytes(b"no picture")
    outcome = parse_collection([folder], tmp_path / "out", model=model, strokes=2, prune=False)
    assert (outcome.images, outcome.undrawn, outcome.failed) == (3, 1, [])
    a, b, c = records(tmp_path / "out")
    assert (b.source, b.drawing) == (str(folder / "b.png"), None)
    assert "is no image that can be read" in str(b.error)
    for record, path in zip((a, c), good, strict=True):
        wanted = draw(path, model=model, strokes=2, refine=0, prune=False)
        assert (record.source, record.index) == (str(path), 0)
        assert record.drawing is not None
        assert (record.drawing.width, record.drawing.height) == (60, 40)
        for found, stroke in zip(record.drawing.strokes, wanted.strokes, strict=True):
            np.testing.assert_allclose(found.points, stroke.points, atol=1e-3)


def test_a_run_killed_as_it_writes_goes_on_where_it_was(
    parse: Callable[..., Outcome], model: Path, array: Path, tmp_path: Path
) -> None:
    script = f"""
import os, signal
from dood.collection.collection import parse_collection
calls = iter(range(9))
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL) if next(calls) == 3 else None
parse_collection([{str(array)!r}], {str(tmp_path / "out")!r}, model={str(model)!r}, shard_size=2, strokes=2)
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    left = contents(tmp_path / "out")
    assert sorted(name for name in left if not name.startswith(".")) == [
        "_parse.json",
        "part-000000.jsonl",
        "part-000001.jsonl",
    ]
    assert len([name for name in left if name.startswith(".")]) == 1
    outcome = parse(tmp_path / "out", model=str(model))
    assert ([path.name for path in outcome.written], outcome.kept) == (["part-000002.jsonl", "part-000003.jsonl"], 2)
    parse(tmp_path / "straight", model=str(model))
    assert contents(tmp_path / "out") == contents(tmp_path / "straight")


def test_two_runs_of_one_command_end_well_and_write_the_same(
    parse: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins, and ends, while the first is writing its second shard."""
    replace, second = os.replace, []

    def overtaken(source: str, target: str) -> None:
        if str(target).endswith("part-000001.jsonl") and not second:
            second.append(None)
            second[0] = parse(tmp_path / "out")
        replace(source, target)

    monkeypatch.setattr(os, "replace", overtaken)
    first = parse(tmp_path / "out")
    assert second[0] is not None
    assert not first.failed
    assert not second[0].failed
    monkeypatch.undo()
    parse(tmp_path / "alone")
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


def test_only_what_is_missing_is_done_again(
    parse: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse(tmp_path / "out")
    before = contents(tmp_path / "out")
    (tmp_path / "out" / "part-000001.jsonl").unlink()
    assert [path.name for path in parse(tmp_path / "out").written] == ["part-000001.jsonl"]
    assert contents(tmp_path / "out") == before
    monkeypatch.setattr(checkpoint, "load", lambda model: pytest.fail("there is nothing to do"))
    assert parse(tmp_path / "out") == Outcome(kept=4)


def test_ranks_together_make_what_one_process_makes(parse: Callable[..., Outcome], tmp_path: Path) -> None:
    parse(tmp_path / "one")
    for rank in (1, 0):
        outcome = parse(tmp_path / "two", rank=rank, world=2)
        assert [int(path.stem[-1]) for path in outcome.written] == [rank, rank + 2]
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_processes_make_what_one_process_makes(parse: Callable[..., Outcome], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    parse(tmp_path / "one")
    outcome = parse(tmp_path / "two", processes=2, progress=lambda *done: told.append(done))
    assert (len(outcome.written), outcome.images, told[-1]) == (4, 7, (7, 7))
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_a_process_that_fails_fails_the_run(parse: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "damaged.safetensors").write_bytes(b"no weights")
    with pytest.raises(DoodError, match=r"damaged.safetensors is not a readable model"):
        parse(tmp_path / "out", model=tmp_path / "damaged.safetensors", processes=2)


def test_a_process_that_is_killed_fails_the_run(
    parse: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collection, "_worker", _killed)
    with pytest.raises(DoodError, match=r"one of 2 processes ended early \(SIGKILL\); what is finished is kept"):
        parse(tmp_path / "out", processes=2)


def _killed(rank: int, *rest: object) -> None:
    signal.raise_signal(signal.SIGKILL)


def test_a_shard_that_cannot_be_read_does_not_stop_the_others(
    parse: Callable[..., Outcome], model: Path, array: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.npz"
    np.savez(bad, images=np.tile(IMAGES, (100, 1, 1)))
    content = bytearray(bad.read_bytes())
    content[50_000:50_100] = bytes(range(100))
    bad.write_bytes(content)
    outcome = parse_collection([bad, array], tmp_path / "out", model=model)
    assert [path.name for path in outcome.written] == ["part-000001.jsonl"]
    ((name, reason),) = outcome.failed
    assert name == "part-000000.jsonl"
    assert reason.startswith(f"{bad} is no readable .npz file (Bad CRC-32")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strokes": 1}, r"options.strokes was 2, and is 1 now; use the same settings, or another folder"),
        ({"shard_size": 3}, "options.shard_size was 2, and is 3 now"),
        ({"refine": 1}, "options.refine was 0, and is 1 now"),
    ],
)
def test_other_settings_are_refused(
    parse: Callable[..., Outcome], tmp_path: Path, options: dict[str, int], message: str
) -> None:
    parse(tmp_path / "out")
    before = contents(tmp_path / "out")
    with pytest.raises(DoodError, match=message):
        parse(tmp_path / "out", **options)
    assert contents(tmp_path / "out") == before


def test_other_images_and_weights_are_refused(
    parse: Callable[..., Outcome], model: Path, array: Path, tmp_path: Path
) -> None:
    weights = tmp_path / "other.safetensors"
    checkpoint.save(tiny_model(seed=1), weights)
    content = weights.read_bytes()
    parse(tmp_path / "out", model=weights)
    checkpoint.save(tiny_model(seed=2), weights)
    with pytest.raises(DoodError, match=r"model_sha256 was '.*', and is '.*' now"):
        parse(tmp_path / "out", model=weights)
    weights.write_bytes(content)
    write_npz(array, {"images": IMAGES[:5]})
    with pytest.raises(DoodError, match=r"inputs\[0\].images was 7, and is 5 now"):
        parse(tmp_path / "out", model=weights)


def test_files_of_unknown_origin_are_refused(parse: Callable[..., Outcome], tmp_path: Path) -> None:
    parse(tmp_path / "out")
    (tmp_path / "out" / "_parse.json").unlink()
    with pytest.raises(DoodError, match=r"holds part-\* files but no _parse.json"):
        parse(tmp_path / "out")
    (tmp_path / "out" / "_parse.json").write_text("{")
    with pytest.raises(DoodError, match=r"_parse.json cannot be read"):
        parse(tmp_path / "out")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"polarity": "blue"}, "polarity 'blue' is unknown"),
        ({"frame": "round"}, "frame 'round' is unknown"),
        ({"split": "dev"}, "split 'dev' is unknown"),
        ({"model": "absent"}, "no model 'absent'"),
        ({"rank": 2, "world": 2}, "process 2 of 2: ranks run from 0 to 1"),
        ({"processes": 2, "world": 2}, "2 processes in each of 2"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    parse: Callable[..., Outcome], tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(DoodError, match=message):
        parse(tmp_path / "out", **options)
    assert not list((tmp_path / "out").glob("*"))


def test_more_processes_than_shards_have_nothing_to_do(parse: Callable[..., Outcome], tmp_path: Path) -> None:
    assert parse(tmp_path / "out", rank=5, world=9) == Outcome()
    assert set(contents(tmp_path / "out")) == {"_parse.json"}


def test_the_manifest_says_how_the_files_were_made(
    parse: Callable[..., Outcome], model: Path, array: Path, tmp_path: Path
) -> None:
    parse(tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "_parse.json").read_text())
    assert (manifest["model"], manifest["images"], manifest["shards"]) == (str(model), 7, 4)
    assert manifest["options"] == {
        "shard_size": 2,
        "split": "all",
        "polarity": "auto",
        "strokes": 2,
        "samples": 1,
        "seed": 0,
        "refine": 0,
        "prune": True,
        "frame": "auto",
    }
    assert manifest["inputs"][0]["source"] == str(array)


def test_the_library_leaves_the_threads_alone(parse: Callable[..., Outcome], tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        parse(tmp_path / "out")
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
