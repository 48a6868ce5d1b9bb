import numpy as np

from dood.tracing.graph import graph_of
from dood.tracing.mask import mask_of
from dood.tracing.pieces import measure, pieces_of
from dood.tracing.work import work_image
from tests.tracing.crossing import plus


def test_measures_do_not_depend_on_the_pictures_resolution() -> None:
    one, other = measure(plus()), measure(plus(3.0))
    for name in ("start", "end", "leave", "body", "length", "own"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-9)


def test_a_run_against_its_piece_begins_where_the_piece_ends() -> None:
    runs = measure(plus())
    np.testing.assert_allclose(runs.start[1::2], runs.end[0::2])
    np.testing.assert_allclose(runs.leave[1::2], -runs.arrive[0::2])
    assert (runs.node[0::2] == runs.node[1::2, ::-1]).all()


def test_tangents_of_a_straight_arm_point_along_it() -> None:
    np.testing.assert_allclose(measure(plus()).leave[2], [[1, 0], [1, 0]], atol=1e-9)  # the right arm, outward


def test_rings_begin_high_and_end_where_they_begin() -> None:
    y, x = np.mgrid[:60, :60]
    work = work_image((np.abs(np.hypot(x - 30, y - 30) - 20) < 2).astype(np.float32))
    assert work is not None
    (line,) = pieces_of(graph_of(mask_of(work), work.pen)).lines
    assert (line[0] == line[-1]).all()
    assert (line @ (0.5, 1.0)).argmin() in (0, len(line) - 1)
