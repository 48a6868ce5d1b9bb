"""Learning from pen paths: small sets of drawings whose rule is known."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from dood.data.pensets import load_pen_set
from dood.errors import DoodError
from dood.tracing.graph import graph_of
from dood.tracing.mask import mask_of
from dood.tracing.pieces import Pieces, pieces_of
from dood.tracing.walker import load_walker
from dood.tracing.walking import walk
from dood.tracing.work import work_image
from dood.training.pen import PenConfig, train_pen
from dood.training.pen_looks import look, moved, rasterise

SHORT = PenConfig(steps=120, batch=4, hidden=24, looks=1, apart=0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Crosses: first the level stroke, drawn from right to left, then the upright one, from below."""
    generator = np.random.default_rng(0)
    points = []
    for _ in range(40):
        x, y = generator.uniform(40, 60, 2)
        points += [[[95, y], [5, y]], [[x, 95], [x, 5]]]
    (tmp_path / "pen").mkdir()
    np.savez(
        tmp_path / "pen" / "crosses.npz",
        points=np.array(points, np.float32).reshape(-1, 2),
        stroke_ptr=np.arange(0, 161, 2),
        drawing_ptr=np.arange(0, 81, 2),
        size=np.full((40, 2), 100, np.int16),
        width=np.full(40, 5.0, np.float32),
    )
    return tmp_path


def found(folder: Path, index: int) -> Pieces:
    drawn = load_pen_set("crosses", folder)[index]
    generator = np.random.default_rng(0)
    view = look(drawn, generator, plain=True)
    work = work_image(rasterise(moved(drawn, view), view, generator).astype(np.float32))
    assert work is not None
    return pieces_of(graph_of(mask_of(work), work.pen))


def test_a_walker_learns_joints_directions_and_order(folder: Path) -> None:
    weights = train_pen(folder, folder / "walker.safetensors", config=SHORT, sets={"crosses": 1.0})
    for index in (4, 9, 14):  # held out
        pieces = found(folder, index)
        steps = walk(pieces, load_walker(weights))
        assert [step.down for step in steps] == [False, True, False, True]
        ends = [pieces.lines[s.run >> 1][0 if s.run & 1 else -1] for s in steps]
        starts = [pieces.lines[s.run >> 1][-1 if s.run & 1 else 0] for s in steps]
        assert starts[0][0] > ends[1][0] + 50  # leftward
        assert starts[2][1] > ends[3][1] + 50  # upward


def test_the_same_seed_gives_the_same_weights(folder: Path) -> None:
    config = PenConfig(steps=3, batch=2, hidden=8)
    files = [train_pen(folder, folder / n, config=config, sets={"crosses": 1.0}, seed=3) for n in ("a", "b")]
    one, other = (load_file(file) for file in files)
    assert all((one[name] == other[name]).all() for name in one)
    third = load_file(train_pen(folder, folder / "c", config=config, sets={"crosses": 1.0}, seed=4))
    assert any((one[name] != third[name]).any() for name in one)


def test_progress_is_told_every_hundred_steps(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    config = PenConfig(steps=200, batch=1, hidden=8)
    train_pen(
        folder, folder / "w", config=config, sets={"crosses": 1.0}, progress=lambda at, of, _: told.append((at, of))
    )
    assert told == [(100, 200), (200, 200)]


def test_a_set_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(DoodError, match=r"nowhere\.npz"):
        train_pen(folder, folder / "w", sets={"nowhere": 1.0})
    assert not (folder / "w").exists()


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(DoodError, match="apart"):
        PenConfig(apart=2.0)
