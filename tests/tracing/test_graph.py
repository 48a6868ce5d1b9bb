"""The graph of lines whose crossings are known."""

from dataclasses import replace

import numpy as np
import pytest

from dood.tracing.chains import paths_of
from dood.tracing.graph import Graph, graph_of
from dood.tracing.joints import link
from dood.tracing.mask import mask_of
from dood.tracing.work import work_image
from tests.tracing.inked import circle, inked


def graph(lines: list, size: tuple[int, int] = (80, 80), pen: float = 4.0) -> Graph:
    work = work_image(inked(lines, size, pen))
    assert work is not None
    assert work.scale == 1.0, "pens of this width are left as they are"
    found = graph_of(mask_of(work), work.pen)
    return replace(found, points=found.points + work.corner, places=found.places + work.corner)


CROSS = [[[10, 40], [70, 40]], [[40, 10], [40, 70]]]


def test_a_crossing_is_one_node_with_four_branches() -> None:
    found = graph(CROSS)
    assert len(found.closed) == 4
    np.testing.assert_allclose(found.places, [[40, 40]], atol=1.0)
    assert sorted((found.nodes >= 0).sum(1)) == [1, 1, 1, 1]
    assert found.pen == pytest.approx(4.0, abs=0.6)


def test_branches_leave_the_disc_of_their_node() -> None:
    found = graph(CROSS)
    away = np.hypot(*(found.points - found.places[0]).T)
    assert away.min() >= found.radii[0] - 1e-9


def test_two_lines_go_through_a_crossing() -> None:
    found = graph(CROSS)
    paths = paths_of(found, link(found))
    assert len(paths) == 2
    for path in paths:
        assert np.ptp(path.points, axis=0).min() < 2
        assert np.ptp(path.points, axis=0).max() > 50


def test_a_ring_is_one_closed_branch() -> None:
    found = graph([circle(40, 40, 25)])
    assert found.closed.tolist() == [True]
    assert (found.nodes == -1).all()
    radii = np.hypot(*(found.points - 40).T)
    np.testing.assert_allclose(radii, 25, atol=1.0)
    (path,) = paths_of(found, link(found))
    assert path.closed
    assert path.points[0].tolist() == path.points[-1].tolist()


def test_a_bump_on_a_line_is_no_branch() -> None:
    found = graph([[[10, 40], [70, 40]], [[40, 40], [40, 41]]])
    paths = paths_of(found, link(found))
    assert len(paths) == 1
    assert np.ptp(paths[0].points[:, 0]) > 50


def test_a_line_that_ends_on_another_reaches_its_middle() -> None:
    found = graph([[[10, 40], [70, 40]], [[40, 40], [40, 75]]])
    paths = paths_of(found, link(found, retrace=False))
    stem = min(paths, key=lambda path: np.ptp(path.points[:, 0]))
    assert np.abs(stem.points[:, 1] - 40).min() < 1.0


def test_a_dot_is_one_branch_of_no_length() -> None:
    no_places, no_radii = np.zeros((0, 2)), np.zeros(0)
    dot = Graph(
        np.array([[40.0, 40.0]]),
        np.ones(1),
        np.array([0, 1]),
        np.full((1, 2), -1),
        np.zeros(1, bool),
        no_places,
        no_radii,
        4.0,
        np.zeros((50, 50), np.float32),
    )
    assert dot.lengths.tolist() == [0.0]


def test_a_graph_of_nothing_is_empty() -> None:
    work = work_image(inked([[[10, 10], [30, 10]]], (40, 20)))
    assert work is not None
    mask = mask_of(work)._replace(ink=np.zeros_like(work.ink, bool))
    found = graph_of(mask, 4.0)
    assert found.starts.tolist() == [0]
    assert found.points.shape == found.nodes.shape == found.places.shape == (0, 2)
    assert found.widths.shape == found.closed.shape == found.radii.shape == found.lengths.shape == (0,)


@pytest.mark.parametrize("seed", [0, 1, 6])
def test_a_branch_that_lies_within_the_discs_of_its_nodes_keeps_its_middle(seed: int) -> None:
    """Six lines in a small picture cross so closely that there are such."""
    found = graph(np.random.default_rng(seed).uniform(14, 66, (6, 2, 2)).tolist())
    assert np.diff(found.starts).min() == 1
