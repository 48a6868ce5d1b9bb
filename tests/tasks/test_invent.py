"""New characters of pictures of a script."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.concepts.likeness import apart, outline
from dood.data import write_npz
from dood.drawing import Drawing
from dood.errors import DoodError
from dood.tasks import invent as task
from dood.tasks.invent import NEW, invent, invent_files
from tests.concepts.glyphs import SCRIPT, picture

PICTURES = [picture(lines) for lines in SCRIPT]


def shape(drawing: Drawing) -> np.ndarray:
    return outline([stroke.even(1.0) for stroke in drawing.strokes])


def test_new_characters_are_none_of_the_given_ones_and_differ_from_one_another() -> None:
    made = invent(PICTURES, count=8, seed=1)
    assert [len(each.strokes) > 0 for each in made.given] == 6 * [True]
    shapes = [shape(each) for each in made.given + made.drawings]
    assert len(made.drawings) == 8
    for i in range(6, len(shapes)):
        # A little less, since strokes are joined and sampled anew.
        assert min(apart(shapes[i], other) for other in shapes[:i]) > NEW - 0.02
    assert {(each.width, each.height) for each in made.drawings} == {(100, 100)}


def test_the_first_are_the_same_whatever_the_count_and_differ_by_seed() -> None:
    few, more, other = (invent(PICTURES, count=count, seed=seed).drawings for count, seed in ((2, 3), (4, 3), (2, 4)))
    assert few == more[:2]
    assert few != other


def test_light_lines_on_dark_are_read_too() -> None:
    light = [255 - each for each in PICTURES]
    one, other = invent(light, count=2, polarity="light", seed=1), invent(PICTURES, count=2, polarity="dark", seed=1)
    assert one.drawings == other.drawings


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    invent(PICTURES, count=3, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_too_few_pictures_and_counts_are_refused() -> None:
    with pytest.raises(DoodError, match="2 pictures are too few"):
        invent(PICTURES[:2])
    with pytest.raises(DoodError, match=r"count \(=0\)"):
        invent(PICTURES, count=0)


def test_a_page_of_writing_is_no_character() -> None:
    page = np.full((200, 200), 255, np.uint8)
    for y in range(10, 190, 20):
        for x in range(10, 190, 20):
            page[y : y + 8, x : x + 2] = 0
    with pytest.raises(DoodError, match="81 strokes: give pictures of one character each"):
        invent([*PICTURES, page])


def test_where_nothing_new_can_be_made_that_is_said() -> None:
    with pytest.raises(DoodError, match="no new character"):
        invent([picture(([(20, 50), (80, 50)],))] * 3)


def test_files_of_a_folder_are_read_and_written_whole(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    for i, each in enumerate(PICTURES):
        Image.fromarray(each).save(tmp_path / "script" / f"{i}.png")
    written = invent_files([tmp_path / "script"], tmp_path / "new", count=3, formats=("svg",), seed=1)
    assert [path.name for path in written] == ["0001.svg", "0002.svg", "0003.svg", "invented.png"]
    with Image.open(written[-1]) as sheet:
        assert sheet.height > sheet.width / 10
    written[0].write_text("mine")
    with pytest.raises(DoodError, match=r"0001\.svg"):
        invent_files([tmp_path / "script"], tmp_path / "new", count=3, formats=("svg",), seed=1)


@pytest.mark.parametrize("split", ["train", "test"])
def test_some_drawings_of_a_data_set_are_given(split: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "LIBRARY", 5)
    lit = 255 - np.stack(PICTURES)
    write_npz(tmp_path / "script.npz", {f"{split}_images": np.concatenate([np.zeros_like(lit), lit])})
    given: list[int] = []
    sheet = task.invention_sheet
    monkeypatch.setattr(task, "invention_sheet", lambda scripts: given.append(len(scripts[0][0])) or sheet(scripts))
    written = invent_files([], tmp_path / "new", data=str(tmp_path / "script.npz"), count=2, formats=("svg",))
    assert given == [5]
    assert [path.name for path in written] == ["0001.svg", "0002.svg", "invented.png"]
