"""What inputs hold, without reading them, and how they are cut."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.collection.shards import ImageArray, PictureFiles, cut, find_inputs
from dood.data import write_npz
from dood.errors import DoodError


def images(count: int, first: int = 0) -> np.ndarray:
    return np.full((count, 4, 4), np.arange(first, first + count)[:, None, None], np.uint8)


def npz(path: Path, **arrays: np.ndarray) -> Path:
    write_npz(path, arrays)
    return path


def png(path: Path) -> Path:
    Image.new("L", (8, 8), 255).save(path)
    return path


def test_images_are_counted_for_each_split(tmp_path: Path) -> None:
    both = npz(tmp_path / "both.npz", train_images=images(5), test_images=images(2))
    bits = npz(tmp_path / "bits.npz", train_images=images(0), test_bits=np.zeros((3, 1379), np.uint8))
    plain = npz(tmp_path / "plain.npz", images=images(4), labels=np.zeros(4, np.int64))
    found = find_inputs([both, bits, plain])
    assert found == [
        ImageArray(both, "train", 5),
        ImageArray(both, "test", 2),
        ImageArray(bits, "test", 3),
        ImageArray(plain, "", 4),
    ]
    assert [source.name for source in found if isinstance(source, ImageArray)][1:] == [
        f"{both}:test",
        f"{bits}:test",
        str(plain),
    ]
    assert find_inputs([both, plain], "train") == [found[0], found[3]]


def test_a_folder_gives_its_arrays_and_then_its_pictures(tmp_path: Path) -> None:
    arrays = [npz(tmp_path / f"{name}.npz", images=images(1)) for name in "ba"]
    pictures = [png(tmp_path / f"{name}.png") for name in "dc"]
    png(tmp_path / ".hidden.png")
    assert find_inputs([tmp_path]) == [ImageArray(path, "", 1) for path in reversed(arrays)] + [
        PictureFiles((pictures[1], pictures[0]))
    ]


def test_pictures_that_follow_one_another_are_one_source(tmp_path: Path) -> None:
    a, b, c = (png(tmp_path / f"{name}.png") for name in "abc")
    array = npz(tmp_path / "d.npz", images=images(2))
    assert find_inputs([a, b, array, c]) == [PictureFiles((a, b)), ImageArray(array, "", 2), PictureFiles((c,))]


def test_shards_cover_all_images_once_and_span_no_two_sources(tmp_path: Path) -> None:
    sources = [ImageArray(tmp_path / "a", "", 5), ImageArray(tmp_path / "b", "", 2), PictureFiles((tmp_path,) * 3)]
    shards = cut(sources, 2)
    assert [shard.number for shard in shards] == list(range(6))
    assert [(sources.index(shard.source), shard.start, shard.stop) for shard in shards] == [
        (0, 0, 2),
        (0, 2, 4),
        (0, 4, 5),
        (1, 0, 2),
        (2, 0, 2),
        (2, 2, 3),
    ]
    assert [len(shard) for shard in shards] == [2, 2, 1, 2, 2, 1]


@pytest.mark.parametrize("split", ["train", "test"])
def test_some_images_of_a_split_are_read(tmp_path: Path, split: str) -> None:
    path = npz(tmp_path / "a.npz", train_images=images(6, 10), test_images=images(6, 50))
    (source,) = find_inputs([path], split)
    assert isinstance(source, ImageArray)
    assert source.read(2, 5)[:, 0, 0].tolist() == [x + (10 if split == "train" else 50) for x in (2, 3, 4)]


def test_a_file_that_changed_is_not_read_on(tmp_path: Path) -> None:
    path = npz(tmp_path / "a.npz", images=images(6))
    (source,) = find_inputs([path])
    assert isinstance(source, ImageArray)
    source.read(0, 1)
    npz(path, images=images(7))
    with pytest.raises(DoodError, match="holds 7 images, and had 6"):
        source.read(0, 1)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [({"images": images(0)}, "no images in"), ({"strokes": images(1)}, "holds no images: none of its arrays")],
)
def test_no_images_are_refused(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(DoodError, match=message):
        find_inputs([npz(tmp_path / "a.npz", **arrays)])


def test_inputs_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"PK no archive")
    (tmp_path / "empty").mkdir()
    for inputs, message in (
        ([], "no images in nothing"),
        ([tmp_path / "absent.npz"], "does not exist"),
        ([tmp_path / "bad.npz"], "no readable .npz file"),
        ([tmp_path / "empty"], "holds no images"),
    ):
        with pytest.raises(DoodError, match=message):
            find_inputs(inputs)
    with pytest.raises(DoodError, match="split 'dev' is unknown: use all, train, test"):
        find_inputs([tmp_path], "dev")


def test_a_description_changes_with_the_files(tmp_path: Path) -> None:
    picture, array = png(tmp_path / "a.png"), npz(tmp_path / "a.npz", images=images(2))
    before = [source.describe() for source in find_inputs([tmp_path])]
    assert before == [source.describe() for source in find_inputs([tmp_path])]
    picture.write_bytes(b"other")
    npz(array, images=images(3))
    after = [source.describe() for source in find_inputs([tmp_path])]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False]
