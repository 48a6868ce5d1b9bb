"""The pen benchmark: any program's strokes beside those of people."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dood.checkpoints import checkpoint
from dood.data.pensets import LEARNED, Drawn, load_pen_set
from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.evaluation.pen_measures import Found
from dood.evaluation.pen_pictures import Look, ink_of, picture_of_paths
from dood.evaluation.pens import MEASURES, Row, benchmark_pens, dood_finder, tidy_finder, write_pictures
from dood.training.pen import SHARES
from tests.pen_sets import write_omniglot, write_pen_set
from tests.tiny import tiny_model

for module in ("sklearn", "svgpathtools"):
    pytest.importorskip(module, reason="the benchmark needs the extra `eval`")

CROSS = [[[10.0, 32.0], [54.0, 32.0]], [[32.0, 10.0], [32.0, 54.0]]]
SLANT = [[[10.0, 12.0], [50.0, 50.0]]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sets: of a cross and a slanted line twice, and of slanted lines."""
    write_pen_set(tmp_path, "mixed", [CROSS, SLANT, CROSS, SLANT])
    write_pen_set(tmp_path, "slants", [SLANT] * 3)
    monkeypatch.setenv("DOOD_DATA", str(tmp_path))
    return tmp_path


def by_measure(rows: list[Row], of: str, method: str) -> dict[str, Row]:
    return {row.measure: row for row in rows if (row.set, row.method) == (of, method)}


def save_answers(folder: Path, name: str, scale: float = 1.0) -> None:
    """A program that knows the person's strokes."""
    (folder / name).mkdir(parents=True)
    for drawn in load_pen_set(name):
        strokes = tuple(Stroke(line * scale, drawn.width * scale) for line in drawn.strokes)
        side = round(drawn.size[0] * scale)
        Drawing(side, side, strokes).save(folder / name / f"{drawn.index:05d}.svg")


def test_a_program_that_knows_is_right_and_the_baseline_stands_beside(data: Path, tmp_path: Path) -> None:
    for name in ("mixed", "slants"):
        save_answers(tmp_path / "knows", name, 2.0)
    rows = benchmark_pens(tmp_path / "knows", ["mixed", "slants"], look=Look(scale=2.0), table=tmp_path / "t.csv")
    assert {(row.set, row.method) for row in rows} == {
        (of, method) for of in ("mixed", "slants", "mean") for method in ("knows", "tidy")
    }
    for of in ("mixed", "slants", "mean"):
        found = by_measure(rows, of, "knows")
        assert [found[name].value for name in ("f1", "count", "direction")] == [1] * 3
        assert found["chamfer"].value == pytest.approx(0, abs=1e-6)
        assert "seconds" not in found
    assert by_measure(rows, "mixed", "knows")["tau"].drawings == 2
    assert by_measure(rows, "mixed", "tidy")["iou"].value > 0.9
    assert by_measure(rows, "mixed", "tidy")["seconds"].value > 0
    with (tmp_path / "t.csv").open() as file:
        written = list(csv.DictReader(file))
    assert len(written) == len(rows)
    assert {row["measure"] for row in written} == set(MEASURES)
    assert {row["scale"] for row in written} == {"2"}


def test_intervals_hold_what_half_of_the_drawings_can_make_of_the_mean(data: Path) -> None:
    def sometimes(picture: np.ndarray) -> Found:
        slant = len(tidy_finder(picture).lines) == 1
        return Found([np.array(line) for line in SLANT], [4.0]) if slant else Found([], [])

    rows = benchmark_pens(sometimes, ["mixed"], baseline=False, name="some")
    assert by_measure(rows, "mixed", "some")["f1"][6:] == (0.5, 0, 1, 4)
    assert by_measure(rows, "mixed", "some")["ldtw"][6:] == (0, 0, 0, 2)


def test_intervals_come_from_the_seed(data: Path) -> None:
    write_pen_set(data, "many", [[[[10.0, 12.0], [50.0, 20.0 + 3 * i]]] for i in range(9)])
    one, again, other = (
        [row for row in benchmark_pens("tidy", ["many"], seed=seed) if row.measure != "seconds"] for seed in (0, 0, 1)
    )
    assert one == again != other
    assert [row.value for row in one] == [row.value for row in other]
    assert all(row.low <= row.value + 1e-9 and row.value <= row.high + 1e-9 for row in one)


def test_the_mean_is_that_of_the_sets(data: Path) -> None:
    rows = benchmark_pens("tidy", ["mixed", "slants"])
    assert {row.method for row in rows} == {"tidy"}
    for measure in ("f1", "iou", "chamfer"):
        values = [by_measure(rows, of, "tidy")[measure].value for of in ("mixed", "slants", "mean")]
        assert values[2] == pytest.approx(sum(values[:2]) / 2)


def test_what_is_missing_was_not_found(data: Path, tmp_path: Path) -> None:
    save_answers(tmp_path / "knows", "slants")
    (tmp_path / "knows" / "slants" / "00001.svg").unlink()
    rows = benchmark_pens(tmp_path / "knows" / "slants", ["slants"], baseline=False)
    assert by_measure(rows, "slants", "slants")["f1"].value == pytest.approx(2 / 3)


def test_a_folder_without_the_sets_files_and_broken_files_are_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"none has no 00000\.svg or the like: draw the pictures of mixed there"):
        benchmark_pens(tmp_path / "none", ["mixed"])
    save_answers(tmp_path / "knows", "slants")
    (tmp_path / "knows" / "slants" / "00001.svg").write_text("<svg")
    with pytest.raises(DoodError, match=r"00001\.svg: no SVG"):
        benchmark_pens(tmp_path / "knows", ["slants"])


def test_a_program_that_gives_up_found_nothing(data: Path) -> None:
    def never(picture: np.ndarray) -> Found:
        raise DoodError("no")

    rows = benchmark_pens(never, ["slants"], baseline=False)
    assert by_measure(rows, "slants", "never")["f1"].value == 0
    assert "ldtw" not in by_measure(rows, "slants", "never")


def test_dood_and_models_find_strokes(data: Path, tmp_path: Path) -> None:
    rows = benchmark_pens("dood", ["mixed"], baseline=False)
    assert by_measure(rows, "mixed", "dood")["iou"].value > 0.95
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", {"model": "dood", "data": "scribbles"})
    found = dood_finder(tmp_path / "model.safetensors")(picture_of_paths(load_pen_set("slants")[0]))
    assert len(found.lines) == len(found.widths)


def test_pictures_are_written_under_the_names_that_are_read(data: Path, tmp_path: Path) -> None:
    paths = write_pictures(tmp_path / "d", ["mixed"], look=Look(scale=1.5), limit=2)
    assert paths == [tmp_path / "d" / "mixed" / "00000.png", tmp_path / "d" / "mixed" / "00003.png"]
    with Image.open(paths[0]) as image:
        assert (image.mode, image.size) == ("L", (96, 96))
        assert (image.getpixel((48, 48)), image.getpixel((5, 5))) == (0, 255)


def test_pens_scales_and_noise(data: Path) -> None:
    drawn = load_pen_set("mixed")[0]
    plain, thick = (255.0 - picture_of_paths(drawn, look) for look in (None, Look(pen=2.0)))
    # Two bars of 44 pixels with round ends, less the square where they cross.
    assert plain.sum() / 255 == pytest.approx(2 * 44 * 4 + np.pi * 16 / 2 - 16, rel=0.02)
    assert thick.sum() / plain.sum() == pytest.approx(2, rel=0.1)
    noisy, again, other = (picture_of_paths(drawn, Look(noise=0.1, seed=seed)) for seed in (0, 0, 1))
    assert np.array_equal(noisy, again)
    assert not np.array_equal(noisy, other)
    middle = noisy[(plain == 0)] / 255
    assert 0.04 < middle.std() < 0.07  # half of it is beyond white
    with pytest.raises(DoodError, match=r"scale of the pictures is 0\.0: give 0\.1 to 20"):
        Look(scale=0.0)


def test_dots_have_ink() -> None:
    dot = Drawn([np.array([[20.0, 20.0]])], (40, 40), 8.0)
    assert (255.0 - picture_of_paths(dot)).sum() / 255 == pytest.approx(np.pi * 16, rel=0.05)
    assert ink_of([], [], (8, 4), 2.0).shape == (8, 16)


def test_sets_that_were_learned_from_are_measured_by_what_was_held_out(data: Path) -> None:
    write_pen_set(data, "kanjivg", [CROSS] * 11)
    assert by_measure(benchmark_pens("tidy", ["kanjivg"]), "kanjivg", "tidy")["f1"].drawings == 2
    assert set(SHARES) == set(LEARNED)


def test_omniglot_shows_its_own_pictures_only_as_they_are(tmp_path: Path) -> None:
    images = write_omniglot(tmp_path, [CROSS, SLANT] * 3)
    drawn = load_pen_set("omniglot", tmp_path)[1]
    assert np.array_equal(picture_of_paths(drawn), 255 - images[1])
    assert picture_of_paths(drawn, Look(scale=2.0)).shape == (210, 210)
    rows = benchmark_pens("tidy", ["omniglot"], data_dir=tmp_path)
    assert "width_error" not in by_measure(rows, "omniglot", "tidy")
