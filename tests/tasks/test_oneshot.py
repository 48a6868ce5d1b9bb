"""One-shot classification: of runs in a file, and of a user's pictures."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dood.checkpoints import checkpoint
from dood.concepts.matching import pair_scores
from dood.errors import DoodError
from dood.pictures import Picture
from dood.tasks import oneshot
from dood.tasks.oneshot import SCORINGS, class_scores, classify, classify_runs, read_runs
from dood.tasks.reading import rasters_of, types_of
from dood.training.presets import MODELS
from tests.live import Live
from tests.tiny import TINY, tiny_model


def line(angle: float, shift: float = 0.0, side: int = 40) -> np.ndarray:
    """A light line on dark ground through the middle, at an angle in degrees."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    turn = np.deg2rad(angle)
    across, along = (x - shift) * np.sin(turn) - y * np.cos(turn), (x - shift) * np.cos(turn) + y * np.sin(turn)
    return ((np.abs(across) < 1.5) & (np.abs(along) < 0.35 * side)).astype(np.uint8) * 255


@pytest.fixture
def model(tmp_path: Path) -> Path:
    checkpoint.save(tiny_model(), tmp_path / "model.safetensors", {"data": "mnist", "model": "dood"})
    return tmp_path / "model.safetensors"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two runs of three classes, told apart by their angle."""
    train = np.stack([[line(angle) for angle in (0, 60, 120)]] * 2)
    test = np.stack([[line(angle, 3) for angle in order] for order in ((60, 0), (120, 60))])
    path = tmp_path / "runs.npz"
    np.savez(path, train_images=train, test_images=test, answers=np.array([[1, 0], [2, 1]]))
    return path


def save(picture: np.ndarray, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)
    return path


@pytest.mark.parametrize("scoring", SCORINGS)
def test_runs_are_scored_and_written_one_by_one(runs: Path, model: Path, tmp_path: Path, scoring: str) -> None:
    seen: list[tuple[int, int]] = []
    rows = classify_runs(
        runs, tmp_path / "table.csv", model=model, scoring=scoring, progress=lambda *done: seen.append(done)
    )
    assert [(row.model, row.source, row.scoring, row.run) for row in rows] == [
        ("dood", "mnist", scoring, 1),
        ("dood", "mnist", scoring, 2),
    ]
    assert seen == [(1, 2), (2, 2)]
    assert all(row.accuracy in (0.0, 0.5, 1.0) and row.seconds > 0 for row in rows)
    header, *lines = (tmp_path / "table.csv").read_text().splitlines()
    assert header == "model,source,scoring,run,accuracy,seconds"
    assert len(lines) == 2


def test_two_way_scoring_adds_how_well_the_query_explains_the_example() -> None:
    model = tiny_model()
    examples, queries = (
        [Picture.from_array(line(angle, shift), polarity="light") for angle in angles]
        for angles, shift in (((0, 90), 0.0), ((10,), 2.0))
    )
    one_way, two_way = (class_scores(model, examples, queries, scoring=scoring, tracing=False) for scoring in SCORINGS)
    shown, asked = rasters_of(model, examples), rasters_of(model, queries)
    ink = shown.sum((1, 2)) * (50 / model.config.resolution) ** 2
    for query in range(1):
        for example in one_way[query].isfinite().nonzero().flatten():
            back = pair_scores(types_of(model, asked[query : query + 1]), shown[example : example + 1])[0]
            expected = 0.5 * (back + ink[example])
            assert two_way[query, example] - one_way[query, example] == pytest.approx(expected.item(), rel=0.01)
            assert abs(expected) > 1
    assert torch.equal(one_way.isfinite(), two_way.isfinite())


@pytest.mark.parametrize("scoring", SCORINGS)
def test_tracing_scores_no_class_less_than_the_model_alone(scoring: str) -> None:
    model = tiny_model()
    examples, queries = (
        [Picture.from_array(line(angle), polarity="light") for angle in angles] for angles in ((0, 90), (10, 80))
    )
    alone, both = (class_scores(model, examples, queries, scoring=scoring, tracing=each) for each in (False, True))
    assert (both >= alone).all()
    assert (both > alone + 1).any()  # an untrained model draws nothing that is like a line
    if scoring == "one-way":  # on so small a canvas the way back may miss
        assert both.argmax(-1).tolist() == [0, 1]


def test_accuracy_is_the_share_of_right_answers(runs: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    always_second = torch.tensor([[0.0, 1.0, -1.0]]).expand(2, 3)
    monkeypatch.setattr(oneshot, "class_scores", lambda *args, **options: always_second)
    assert [row.accuracy for row in classify_runs(runs, model=model)] == [0.5, 0.5]


def test_pictures_are_classified_by_files_and_folders(model: Path, tmp_path: Path) -> None:
    support = tmp_path / "support"
    save(line(0), support / "level.png")
    save(line(90), support / "upright" / "one.png")
    save(line(80, 2), support / "upright" / "two.png")
    queries = [save(line(5, 1, side=50), tmp_path / "a.png"), save(line(95), tmp_path / "b.png")]
    answers = classify(support, queries, model=model, polarity="light")
    assert [answer.query for answer in answers] == queries
    for answer in answers:
        assert set(answer.classes) == {"level", "upright"}
        assert sum(answer.probabilities) == pytest.approx(1)
        assert answer.probabilities[0] >= answer.probabilities[1]


@pytest.mark.parametrize("scoring", SCORINGS)
def test_pictures_are_not_held_and_queries_are_scored_a_few_at_once(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scoring: str
) -> None:
    for angle in (0, 60, 120):
        save(line(angle), tmp_path / "support" / f"{angle}.png")
    queries = [save(line(20 * i, i % 3), tmp_path / "queries" / f"{i}.png") for i in range(7)]
    expected = classify(tmp_path / "support", queries, model=model, scoring=scoring)
    live = Live(monkeypatch, "dood.tasks.oneshot.load_picture")
    at_once: list[int] = []
    scores = oneshot.best_scores
    monkeypatch.setattr(
        oneshot, "best_scores", lambda types, asked: (at_once.append(len(asked)), scores(types, asked))[1]
    )
    monkeypatch.setattr("dood.tasks.oneshot.AT_ONCE", 3)
    found = classify(tmp_path / "support", queries, model=model, scoring=scoring)
    assert at_once == [3, 3, 3, 3, 1, 1]  # by either reading
    assert live.most <= 2
    for one, other in zip(found, expected, strict=True):
        assert one.query == other.query
        assert dict(zip(one.classes, one.probabilities, strict=True)) == pytest.approx(
            dict(zip(other.classes, other.probabilities, strict=True)), abs=0.1
        )


def test_one_class_is_the_answer_to_everything(model: Path, tmp_path: Path) -> None:
    save(line(0), tmp_path / "support" / "only.png")
    query = save(line(90), tmp_path / "query.png")
    (answer,) = classify(tmp_path / "support", [query], model=model)
    assert answer.classes == ("only",)
    assert answer.probabilities == (1.0,)


def test_two_examples_of_one_name_are_refused(model: Path, tmp_path: Path) -> None:
    support = tmp_path / "support"
    query = save(line(0), support / "a.png")
    save(line(5), support / "a.bmp")
    with pytest.raises(DoodError, match=r"more than one 'a'.*into a folder a/"):
        classify(support, [query], model=model)
    (support / "a.bmp").unlink()
    save(line(5), support / "a" / "other.png")
    with pytest.raises(DoodError, match="more than one 'a'"):
        classify(support, [query], model=model)


def test_what_holds_no_examples_is_refused(model: Path, tmp_path: Path) -> None:
    query = save(line(0), tmp_path / "query.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DoodError, match="holds no images"):
        classify(tmp_path / "empty", [query], model=model)
    with pytest.raises(DoodError, match="does not exist"):
        classify(tmp_path / "absent", [query], model=model)
    with pytest.raises(DoodError, match="is not a folder"):
        classify(query, [query], model=model)
    (tmp_path / "support" / "hollow").mkdir(parents=True)
    with pytest.raises(DoodError, match="hollow holds no images"):
        classify(tmp_path / "support", [query], model=model)


def test_unknown_scoring_is_refused() -> None:
    with pytest.raises(DoodError, match="'sideways' is unknown"):
        class_scores(tiny_model(), [], [], scoring="sideways")


@pytest.mark.parametrize("scoring", SCORINGS)
def test_a_model_of_parts_classifies_by_them(runs: Path, tmp_path: Path, scoring: str) -> None:
    air = tmp_path / "air.safetensors"
    checkpoint.save(tiny_model(dataclasses.replace(TINY, **MODELS["air"])), air, {"model": "air", "data": "mnist"})
    rows = classify_runs(runs, model=air, scoring=scoring)
    assert [(row.model, row.scoring) for row in rows] == [("air", scoring)] * 2
    assert all(0 <= row.accuracy <= 1 for row in rows)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answers": None}, "no array 'answers'"),
        ({"answers": np.array([[1, 0]])}, r"answers \(1, 2\)"),
        ({"answers": np.array([[1, 3], [0, 0]])}, "answers from 0 to 3, of 3 classes"),
        ({"train_images": np.zeros((2, 0, 40, 40), np.uint8)}, r"train_images \(2, 0, 40, 40\)"),
        ({"test_images": np.zeros((2, 40, 40), np.uint8)}, r"test_images \(2, 40, 40\)"),
        ({"answers": np.array([[np.nan, 0], [2, 1]])}, "answers of type float64"),
    ],
)
def test_files_that_hold_no_runs_are_refused(
    runs: Path, tmp_path: Path, change: dict[str, np.ndarray | None], message: str
) -> None:
    with np.load(runs) as arrays:
        changed = {name: array for name, array in ({**arrays} | change).items() if array is not None}
    np.savez(tmp_path / "bad.npz", **changed)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DoodError, match=message):
        read_runs(tmp_path / "bad.npz")


def test_files_that_are_no_archives_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("nothing")
    np.save(tmp_path / "array.npy", np.zeros(3))
    for path in (tmp_path / "text.npz", tmp_path / "absent.npz", tmp_path / "array.npy"):
        with pytest.raises(DoodError, match=rf"{path.name}(:| is) (there is )?no "):
            read_runs(path)
