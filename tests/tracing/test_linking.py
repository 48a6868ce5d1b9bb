import dataclasses
import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw

from dood.tracing import linking
from dood.tracing.graph import Graph, graph_of
from dood.tracing.linking import Linked, Linker, _stipple, as_learned, by_hand
from dood.tracing.mask import mask_of
from dood.tracing.pieces import Pieces
from dood.tracing.walker import load_walker
from dood.tracing.work import work_image
from tests.tracing.crossing import words

CROSS = ([(10, 70), (130, 70)], [(70, 10), (70, 130)])


def graph(*lines: list[tuple[int, int]]) -> Graph:
    image = Image.new("L", (140, 140), 0)
    for line in lines:
        ImageDraw.Draw(image).line(line, fill=255, width=5)
    work = work_image((np.asarray(image) / 255).astype(np.float32))
    assert work is not None
    return graph_of(mask_of(work), work.pen)


@pytest.mark.parametrize("linker", [by_hand, as_learned])
def test_a_cross_is_two_strokes_and_four_if_they_may_not_be_joined(linker: Linker) -> None:
    cross = graph(*CROSS)
    assert len(linker(cross, True).paths) == 2
    assert len(linker(cross, False).paths) == 4


def test_a_cross_is_drawn_as_people_do_to_the_right_and_down() -> None:
    ways = [path.points[-1] - path.points[0] for path in as_learned(graph(*CROSS), True).paths]
    across, down = sorted(ways, key=lambda way: -way[0])
    assert across[0] > 80
    assert down[1] > 80


def test_rows_of_ticks_are_drawn_in_reading_order() -> None:
    ticks = [[(10 + 12 * j, 20 + 40 * i), (12 + 12 * j, 38 + 40 * i)] for i in range(3) for j in range(10)]
    starts = [path.points.mean(0) for path in as_learned(graph(*ticks), True).paths]
    assert len(starts) == 30
    later = [
        np.sign(b[1] - a[1]) if abs(b[1] - a[1]) > 20 else np.sign(b[0] - a[0]) for a, b in itertools.pairwise(starts)
    ]
    assert np.mean(later) > 0.7


def test_an_empty_graph_has_no_strokes() -> None:
    cross = graph([(10, 70), (130, 70)])
    none = Graph(
        cross.points[:0], cross.widths[:0], cross.starts[:1], cross.nodes[:0], cross.closed[:0], cross.places[:0],
        cross.radii[:0], cross.pen, cross.depth,
    )  # fmt: skip
    assert as_learned(none, True).paths == by_hand(none, True).paths == []


@pytest.mark.parametrize("linker", [by_hand, as_learned])
def test_a_blot_that_is_all_node_is_drawn_as_well(linker: Linker) -> None:
    line = graph([(10, 70), (130, 70)])
    blotted = dataclasses.replace(line, places=np.array([[40.0, 20.0]]), radii=np.array([3.0]))
    assert [len(path.points) for path in linker(blotted, True).paths].count(1) == 1
    assert len(linker(blotted, True).paths) == 2


def test_dots_of_a_shaded_drawing_come_last_and_row_by_row() -> None:
    generator = np.random.default_rng(0)
    dots = [point[None] for point in generator.permutation(np.argwhere(np.ones((20, 20))) * 40.0 + 20)]
    line = np.stack([np.arange(20.0, 60.0), np.full(40, 900.0)], 1)
    points = np.concatenate([*dots[:200], line, *dots[200:]])
    starts = np.cumsum([0, *[1] * 200, 40, *[1] * 200])
    none = np.zeros((0, 2))
    depth = np.zeros((1, 1), np.float32)
    graph = Graph(
        points, np.full(440, 4.0), starts, np.full((401, 2), -1), np.zeros(401, bool), none, np.zeros(0), 4.0, depth
    )
    paths = as_learned(graph, True).paths
    assert len(paths) == 401
    assert len(paths[0].points) == 40
    found = np.concatenate([path.points for path in paths[1:]])
    np.testing.assert_array_equal(found, found[np.lexsort([found[:, 0], found[:, 1]])])


def test_dots_alone_are_shading_row_by_row() -> None:
    dots = np.array([(5.5 + 8 * j, 5.5 + 8 * i) for i in range(20) for j in range(16)])
    image = np.zeros((170, 140), np.float32)
    for x, y in dots.astype(int):
        image[y - 2 : y + 3, x - 2 : x + 3] = 1
    work = work_image(image)
    assert work is not None
    linked = as_learned(graph_of(mask_of(work), work.pen), True)
    assert linked.ordered
    assert len(linked.paths) == len(dots)
    x, y = np.array([path.points[len(path.points) // 2] for path in linked.paths]).T
    assert np.array_equal(np.lexsort([x, y // (8 * work.pen)]), np.arange(len(dots)))


@pytest.mark.parametrize(("length", "shaded"), [(6, 320), (7, 0)])
def test_only_what_is_shorter_than_one_and_a_half_pens_is_a_dot(length: int, shaded: int) -> None:
    lines = [np.stack([10.0 * i + np.arange(length), np.full(length, 5.0)], 1) for i in range(320)]
    assert len(_stipple(Pieces(lines, np.full((320, 2), -1), 4.0))) == shaded
    meeting = np.full((320, 2), -1)
    meeting[:21] = 0
    assert len(_stipple(Pieces(lines, meeting, 4.0))) == 0


@pytest.mark.parametrize(("dots", "lines", "shaded"), [(300, 0, 300), (299, 0, 0), (300, 300, 300), (300, 301, 0)])
def test_three_hundred_dots_that_are_half_of_all_are_shading(dots: int, lines: int, shaded: int) -> None:
    places = [np.array([[10.0 * i, 5.0]]) for i in range(dots)]
    longer = [np.stack([10.0 * i + np.arange(7), np.full(7, 50.0)], 1) for i in range(lines)]
    assert len(_stipple(Pieces(places + longer, np.full((dots + lines, 2), -1), 4.0))) == shaded


@pytest.mark.parametrize(("together", "way"), [(192, "walked"), (193, "by hand")])
def test_more_than_192_pieces_that_hang_together_are_not_walked(
    together: int, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A star: its rays meet in one node."""
    angles = np.linspace(0, 2 * np.pi, together, endpoint=False)
    rays = 70 + np.array([3.0, 22.0, 41.0])[None, :, None] * np.stack([np.cos(angles), np.sin(angles)], 1)[:, None]
    count = 3 * together
    star = Graph(
        rays.reshape(count, 2), np.full(count, 2.0), np.arange(0, count + 1, 3), np.tile([0, -1], (together, 1)),
        np.zeros(together, bool), np.array([[70.0, 70.0]]), np.array([2.0]), 2.0, np.zeros((140, 140), np.float32),
    )  # fmt: skip
    gone: list[str] = []
    monkeypatch.setattr(linking, "_walked", lambda *_: gone.append("walked") or [])
    monkeypatch.setattr(linking, "_ordered", lambda paths, *_: gone.append("by hand") or Linked(paths, ordered=True))
    as_learned(star, True)
    assert gone == [way]


@pytest.mark.parametrize(("count", "kept"), [(48, 8), (49, 4)])
def test_small_parts_are_searched_more_widely(count: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    beams: list[int] = []
    monkeypatch.setattr(linking, "walk", lambda *_, beam: beams.append(beam) or [])
    linking._walked(words(1, count), np.arange(count), load_walker())
    assert beams == [kept]
