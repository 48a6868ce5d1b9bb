"""Every reader of files: right files for it, and what must hold of whatever it reads from odd ones."""

import gzip
import io
import json
import random
import shutil
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw

from dood.checkpoints import checkpoint
from dood.checkpoints.headers import MODEL, model_name, read_header
from dood.collection.manifest import MANIFEST, settle
from dood.collection.records import read_records
from dood.collection.shards import ImageArray, cut, find_inputs
from dood.data import read_npz
from dood.data.idx import read_idx
from dood.data.pensets import load_pen_set
from dood.drawing import Drawing, Stroke
from dood.drawing.formats.json_format import load_json, to_json, to_plain
from dood.pictures import load_picture
from dood.runs.comparison import comparison_page
from dood.runs.metrics_log import METRICS
from dood.runs.runs import ORDERS, find_runs, in_order
from dood.tasks.oneshot import read_runs
from dood.tracing.walker import load_walker
from dood.training.loop import CHECKPOINT, train
from dood.training.presets import TrainConfig
from dood.training.resuming import recipe_of
from tests.folders import record
from tests.mutator import mutate
from tests.tiny import TINY, scribbles_uint8, tiny_model

__all__ = ["READERS", "Reader", "odd_input"]

RECIPE = TrainConfig(model=TINY, steps=1, batch=2, evaluate_every=2, evaluate_images=2)
MANIFESTO = {
    "dood": "1",
    "model": "all",
    "options": {"batch": 4},
    "inputs": [{"source": "a", "images": 3}],
    "shards": 2,
}


@dataclass(frozen=True)
class Reader:
    """A reader of one kind of file.

    Attributes:
        name: of what it reads.
        file: what the file is called in a folder of its own.
        kind: of `tests.mutator.KINDS`.
        right: contents that it reads, made in an empty folder.
        read: reads the file and asserts that what it found is in order.
        share: of the odd files that other readers get, where reading takes long.
    """

    name: str
    file: str
    kind: str
    right: Callable[[Path], Sequence[bytes]]
    read: Callable[[Path], Any]
    share: float = 1.0


def odd_input(reader: Reader, right: Sequence[bytes], folder: Path, seed: int) -> Path:
    """Write a file that is nearly right into the folder, which holds nothing else then."""
    shutil.rmtree(folder, ignore_errors=True)
    generator = random.Random(f"{reader.name} {seed}")
    path = folder / reader.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mutate(generator.choice(right), reader.kind, generator))
    return path


def _scan() -> Image.Image:
    scan = Image.new("RGB", (24, 20), "white")
    ImageDraw.Draw(scan).line([(4, 4), (18, 14), (6, 16)], (20, 30, 120), 2)
    return scan


def _encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _png(_: Path) -> list[bytes]:
    scan = _scan()
    deep = Image.fromarray(np.asarray(scan.convert("L")).astype(np.uint16) * 257)
    return [
        _encoded(image, "PNG") for image in (scan, scan.convert("L"), scan.convert("P"), scan.convert("RGBA"), deep)
    ]


def _pictures(_: Path) -> list[bytes]:
    scan = _scan()
    two = {"save_all": True, "append_images": [scan.rotate(90)]}
    real = Image.fromarray(np.asarray(scan.convert("L"), np.float32))
    formats = [("JPEG", {}), ("BMP", {}), ("GIF", two), ("TIFF", two), ("TIFF", {"compression": "tiff_lzw"})]
    whole = [_encoded(scan, name, **options) for name, options in (*formats, ("WEBP", {"lossless": True}))]
    return [*whole, _encoded(real, "TIFF"), _encoded(scan.convert("1"), "TIFF", compression="group4")]


def _read_picture(path: Path) -> None:
    picture = load_picture(path)
    assert picture.ink.dtype == np.float32
    assert np.isfinite(picture.ink).all()
    assert picture.ink.min() >= 0
    assert picture.ink.max() <= 1
    height, width = picture.ink.shape
    assert 0 <= width * picture.block - picture.width < picture.block
    assert 0 <= height * picture.block - picture.height < picture.block


def _drawing() -> Drawing:
    line = Stroke([[3.0, 4.0], [10.0, 20.5]], 2.0)
    curve = Stroke([[1.0, 2.0], [3.0, 9.0], [5.0, 1.0], [8.0, 8.0]], [1.0, 3.0], colour="#102030")
    return Drawing(40, 30, (line, curve), notes=("odd",), missed=0.1, spurious=0.0)


def _drawings(_: Path) -> list[bytes]:
    newest = to_json(_drawing())
    first = json.dumps({"format": "dood-drawing", "version": 1, "width": 9, "height": 8, "strokes": [
        {"points": [[1, 2], [3.5, 4]], "width": 1.5}, {"points": [[5, 5]], "width": 2}]})  # fmt: skip
    return [newest.encode(), first.encode()]


def _read_drawing(path: Path) -> None:
    drawing = load_json(path)
    _check_drawing(drawing)
    assert Drawing.from_json(drawing.to_json()) == drawing


def _check_drawing(drawing: Drawing) -> None:
    assert min(drawing.width, drawing.height) >= 1
    for stroke in drawing.strokes:
        assert np.isfinite(stroke.points).all()
        assert np.isfinite(stroke.widths).all()
        assert (stroke.widths > 0).all()


def _records(_: Path) -> list[bytes]:
    drawn = {"source": "a.npz:train", "index": 3, **to_plain(_drawing())}
    lines = [drawn, {"source": "b.png", "index": 0, "error": "it is blank"}]
    return ["".join(json.dumps(each) + "\n" for each in lines).encode()]


def _read_records(path: Path) -> None:
    for found in read_records(path):
        assert isinstance(found.source, str)
        assert isinstance(found.index, int)
        if found.drawing is None:
            assert isinstance(found.error, str)
        else:
            _check_drawing(found.drawing)


def _npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _sets(_: Path) -> list[bytes]:
    images, labels = scribbles_uint8(6).numpy(), np.arange(6, dtype=np.uint8) % 3
    names = np.array(["a", "b", "c"])
    bits = np.zeros((2, 1379), np.uint8)
    whole = _npz(train_images=images, train_labels=labels, test_images=images[:2], test_labels=labels[:2])
    return [whole, _npz(images=images), _npz(images=images, labels=labels, class_names=names), _npz(test_bits=bits)]


def _read_set(path: Path) -> None:
    found = read_npz(path)
    for split in ("train", "test"):
        images, labels = getattr(found, f"{split}_images"), getattr(found, f"{split}_labels")
        assert images.dtype == np.uint8
        assert len(images) == len(labels)
        assert all(0 <= label < len(found.class_names) for label in labels)


def _read_shards(path: Path) -> None:
    for shard in cut(find_inputs([path]), 2):
        assert isinstance(shard.source, ImageArray)
        assert len(shard.source.read(shard.start, shard.stop)) == len(shard)


def _idx(_: Path) -> list[bytes]:
    plain = b"\0\0\x08\x03" + struct.pack(">3I", 2, 3, 4) + bytes(range(24))
    return [plain, gzip.compress(plain, mtime=0), b"\0\0\x08\x01" + struct.pack(">I", 5) + bytes(5)]


def _read_idx(path: Path) -> None:
    assert read_idx(path).dtype == np.uint8


def _oneshot(_: Path) -> list[bytes]:
    images = scribbles_uint8(6).numpy().reshape(1, 6, 12, 12)
    return [_npz(train_images=images[:, :3], test_images=images[:, 3:], answers=np.array([[2, 0, 1]]))]


def _read_oneshot(path: Path) -> None:
    runs = read_runs(path)
    assert np.isin(runs.answers, np.arange(runs.train_images.shape[1])).all()


def _pens(_: Path) -> list[bytes]:
    arrays = {"stroke_ptr": [0, 3, 4, 6], "drawing_ptr": [0, 2, 3], "size": [[20, 20], [30, 20]], "width": [1.0, 2.0]}
    return [_npz(points=np.arange(12, dtype=np.float32).reshape(6, 2), **arrays)]


def _read_pens(path: Path) -> None:
    for drawn in load_pen_set("odd", path.parent.parent):
        assert all(stroke.ndim == 2 for stroke in drawn.strokes)


def _weights(folder: Path) -> list[bytes]:
    file = folder / "tiny.safetensors"
    checkpoint.save(tiny_model(), file, {"train": json.dumps({"data": "mnist", "steps": 2}), "model": "dood"})
    return [file.read_bytes()]


def _read_weights(path: Path) -> None:
    header = read_header(path)
    assert isinstance(model_name(header), str)
    right = tiny_model().state_dict()
    for name, found in checkpoint.load(path).state_dict().items():
        assert torch.equal(found, right[name]), f"{name} was read as something else"


def _walkers(_: Path) -> list[bytes]:
    return [(resources.files("dood") / "weights" / "pen" / "walker.safetensors").read_bytes()]


def _read_walker(path: Path) -> None:
    for weight, bias in load_walker(path).layers.values():
        assert weight.shape[1:] == bias.shape
        assert np.isfinite(weight).all()
        assert np.isfinite(bias).all()


def _states(folder: Path) -> list[bytes]:
    train(RECIPE, [scribbles_uint8(10)], scribbles_uint8(2), folder)
    return [(folder / CHECKPOINT).read_bytes()]


def _read_state(path: Path) -> None:
    recipe_of(path.parent)
    model = train(RECIPE, [scribbles_uint8(10)], scribbles_uint8(2), path.parent, resume=True)
    assert all(tensor.isfinite().all() for tensor in model.state_dict().values())


def _metrics(_: Path) -> list[bytes]:
    return ["".join(json.dumps(record(step)) + "\n" for step in (5, 10, 15)).encode()]


def _read_metrics(path: Path) -> None:
    runs = find_runs([path.parent])
    for order in ORDERS:
        in_order(runs, order)
    json.dumps([run.summary() for run in runs])


def _read_page(path: Path) -> None:
    assert comparison_page(find_runs([path.parent])).endswith("</html>\n")


def _manifests(folder: Path) -> list[bytes]:
    settle(folder, MANIFESTO)
    return [(folder / MANIFEST).read_bytes()]


def _read_manifest(path: Path) -> None:
    settle(path.parent, MANIFESTO)
    assert json.loads(path.read_bytes()) == {"format": "dood-collection", "version": 1, **MANIFESTO}


READERS = (
    Reader("png", "odd.png", "png", _png, _read_picture),
    Reader("picture", "odd.tiff", "bytes", _pictures, _read_picture),
    Reader("drawing", "odd.json", "json", _drawings, _read_drawing),
    Reader("records", "odd.jsonl", "lines", _records, _read_records),
    Reader("image set", "odd.npz", "zip", _sets, _read_set),
    Reader("collection", "odd.npz", "zip", _sets, _read_shards),
    Reader("idx", "odd-ubyte", "bytes", _idx, _read_idx),
    Reader("one-shot runs", "odd.npz", "zip", _oneshot, _read_oneshot),
    Reader("pen paths", "pen/odd.npz", "zip", _pens, _read_pens),
    Reader("weights", MODEL, "tensors", _weights, _read_weights),
    Reader("walker", "walker.safetensors", "tensors", _walkers, _read_walker),
    Reader("checkpoint", CHECKPOINT, "zip", _states, _read_state),
    Reader("metrics", METRICS, "lines", _metrics, _read_metrics),
    Reader("run", MODEL, "tensors", _weights, _read_metrics),
    Reader("page of runs", METRICS, "lines", _metrics, _read_page, share=0.05),
    Reader("manifest", MANIFEST, "json", _manifests, _read_manifest),
)
