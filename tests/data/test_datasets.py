"""Images of whatever kind become the same set."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import Dataset, IterableDataset, TensorDataset

from dood.data import ImageSet, image_set, images_at, training_data, write_npz
from dood.errors import DoodError
from tests.data.originals import ink

BYTES = ink(3, 6, 10, 10) // 4
"""Most pixels are dark."""


class Pairs(Dataset):
    """A torch Dataset without an end of its own."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Any:
        return self.items[index % len(self.items)]


class Stream(IterableDataset):
    def __iter__(self) -> Any:
        return iter(BYTES)


def pillow(image: np.ndarray) -> Image.Image:
    return Image.fromarray(image)


@pytest.mark.parametrize(
    "source",
    [
        BYTES,
        BYTES[:, None],
        torch.from_numpy(BYTES),
        torch.from_numpy(BYTES).unsqueeze(1),
        torch.from_numpy(BYTES).float().div(255).requires_grad_(),
        BYTES.astype(np.float64) / 255,
        np.repeat(BYTES[..., None], 3, -1),
        list(BYTES),
        [pillow(image) for image in BYTES],
        [pillow(image).convert("RGB") for image in BYTES],
        Pairs([torch.from_numpy(image)[None].float() / 255 for image in BYTES]),
        Pairs([(image, 0) for image in BYTES]),
        TensorDataset(torch.from_numpy(BYTES)),
        Stream(),
        [{"image": image, "id": "x"} for image in BYTES],
        [{"scan": image} for image in BYTES],
    ],
    ids=lambda source: type(source).__name__,
)
def test_the_same_images_in_every_kind(source: Any) -> None:
    found = image_set(source)
    np.testing.assert_array_equal(found.train_images, BYTES)
    assert len(found.test_images) == 0
    assert found.has_split
    assert found.sha256 == image_set(BYTES).sha256
    assert set(found.train_labels) == {0}
    held = image_set(source, split="test", resolution=5)
    np.testing.assert_array_equal(held.test_images, images_at(BYTES, 5))
    assert len(held.train_images) == 0


def test_names_files_and_sets_are_what_they_are(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", {"train_images": BYTES, "test_images": BYTES[:2]})
    found = image_set(tmp_path / "a.npz")
    assert (found.name, len(found.test_images), image_set(found) is found) == ("a", 2, True)
    assert image_set(found, resolution=5).resolution == image_set(str(tmp_path / "a.npz"), resolution=5).resolution == 5


@pytest.mark.parametrize(
    ("labels", "numbers", "names"),
    [
        ([2, 0, 2], [2, 0, 2], ("0", "1", "2")),
        ([torch.tensor(1), np.int64(0), True], [1, 0, 1], ("0", "1")),
        (["b", "a", "b"], [1, 0, 1], ("a", "b")),
        ([{"box": 1}, {}, {}], [0, 0, 0], ("pairs",)),
        ([-1, 0, 0], [0, 0, 0], ("pairs",)),
    ],
)
def test_labels_are_numbered(labels: list[Any], numbers: list[int], names: tuple[str, ...]) -> None:
    found = image_set(Pairs(list(zip(BYTES, labels, strict=False))))
    assert (found.train_labels.tolist(), found.class_names) == (numbers, names)


def test_classes_of_a_torchvision_set_have_its_names() -> None:
    source = Pairs([(BYTES[0], 1), (BYTES[1], 0)])
    source.classes = ["cat", "dog"]  # pyright: ignore[reportAttributeAccessIssue]
    assert image_set(source).class_names == ("cat", "dog")


def test_dark_ink_is_turned_round_unless_told_otherwise() -> None:
    paper = 255 - BYTES
    for polarity in ("auto", "dark"):
        np.testing.assert_array_equal(image_set(paper, polarity=polarity).train_images, BYTES)
    np.testing.assert_array_equal(image_set(paper, polarity="light").train_images, paper)
    np.testing.assert_array_equal(image_set(BYTES, polarity="dark").train_images, paper)


def test_transparent_paper_is_white() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (4, 0, 6, 10))
    found = image_set([image]).train_images[0]
    assert (found[:, 4:6] == 255).all()
    assert (np.delete(found, [4, 5], 1) == 0).all()


def test_oblong_images_are_padded_and_sizes_evened_out() -> None:
    flat, tall = np.zeros((6, 10), np.uint8), np.zeros((20, 10), np.uint8)
    flat[2:4], tall[:, 4:6] = 200, 200
    found = image_set([flat, tall], resolution=10).train_images
    assert found.shape == (2, 10, 10)
    assert np.flatnonzero(found[0].any(1)).tolist() == [4, 5]
    with pytest.raises(DoodError, match="images are of 2 sizes, from 10 to 20 pixels: give a resolution"):
        image_set([flat, tall])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([], "there are no images"),
        (5, "int is no source of images"),
        ([None], "NoneType is no image"),
        ([{}], "NoneType is no image"),
        (BYTES.astype(np.int64), "images have type int64: give uint8, bool or floats"),
        (BYTES.astype(np.float32), r"images hold values from 0 to 63: floats must lie in \[0, 1\] \(divide by 255\)"),
        (np.full((1, 3, 3), np.nan), "values from nan to nan"),
        ([np.zeros((3, 3, 3, 3), np.uint8)], r"an image has shape \[3, 3, 3, 3\]"),
        ({"validation": BYTES}, "a mapping with validation has neither train nor test"),
    ],
)
def test_what_is_no_image_is_refused(source: Any, message: str) -> None:
    with pytest.raises(DoodError, match=message):
        image_set(source)


@pytest.mark.parametrize("options", [{"split": "x"}, {"polarity": "x"}])
def test_unknown_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DoodError, match=f"{next(iter(options))} 'x' is unknown"):
        image_set(BYTES, **options)


def test_a_mapping_has_both_splits() -> None:
    found = image_set({"train": BYTES, "test": BYTES[:2], "validation": BYTES})
    assert (len(found.train_images), len(found.test_images)) == (6, 2)


def as_png(image: np.ndarray) -> bytes:
    file = io.BytesIO()
    pillow(image).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("decode", [True, False])
def test_a_hugging_face_dataset(decode: bool) -> None:
    datasets = pytest.importorskip("datasets", reason="needs datasets, of the extra `dev`")
    features = {"scan": datasets.Image(decode=decode), "label": datasets.ClassLabel(names=["cat", "dog"])}
    rows = {"scan": [{"bytes": as_png(image), "path": None} for image in BYTES], "label": [0, 1, 0, 1, 0, 1]}
    whole = datasets.Dataset.from_dict(rows, features=datasets.Features(features))
    found = image_set(whole)
    np.testing.assert_array_equal(found.train_images, BYTES)
    assert (found.class_names, found.train_labels.tolist()) == (("cat", "dog"), [0, 1] * 3)
    both = image_set(datasets.DatasetDict({"train": whole, "test": whole.select([0, 1])}), resolution=5)
    assert (both.train_images.shape, both.test_images.shape) == ((6, 5, 5), (2, 5, 5))
    streamed = image_set(whole.to_iterable_dataset())
    np.testing.assert_array_equal(streamed.train_images, BYTES)


def test_training_takes_them_all() -> None:
    images = np.concatenate([BYTES] * 4)
    data = training_data(Pairs(list(images)), 5)
    assert (data.name, data.sets[0].shape, data.held_out.shape) == ("pairs", (22, 5, 5), (2, 5, 5))
    assert isinstance(image_set(images), ImageSet)
