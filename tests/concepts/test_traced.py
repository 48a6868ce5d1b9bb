"""Characters as tracing reads them."""

import numpy as np
import pytest
import torch

from dood.concepts import traced
from dood.concepts.traced import pieces_of, traced_types
from dood.pictures import Picture, normalise

SIDE = 50


def drawn(*lines: tuple[float, float, float, float], side: int = 100, width: float = 5.0) -> Picture:
    """Straight lines by their ends, in pixels; of no length they are dots."""
    y, x = np.mgrid[:side, :side] + 0.5
    ink = np.zeros((side, side))
    for a, b, c, d in lines:
        along = np.array([c - a, d - b])
        share = ((x - a) * along[0] + (y - b) * along[1]) / max(float(along @ along), 1e-9)
        share = share.clip(0, 1)
        far = np.hypot(x - a - share * along[0], y - b - share * along[1])
        ink = np.maximum(ink, (width / 2 + 0.5 - far).clip(0, 1))
    return Picture.from_array((255 * ink).astype(np.uint8), polarity="light")


LINE, DOT, CORNER = (20, 30, 80, 30), (50, 70, 50, 70), (80, 30, 80, 85)


def test_pieces_lie_where_the_pen_was_on_the_canvas() -> None:
    picture = drawn(LINE, DOT)
    pieces = pieces_of(picture, normalise(picture, SIDE)[1])
    line, dot = sorted(range(2), key=lambda i: pieces.points[i, 0, 1])
    assert len(pieces.radius) == 2
    assert np.allclose(np.sort(pieces.points[line][[0, 3], 0]), [-0.6, 0.6], atol=0.06)
    assert np.allclose(pieces.points[line][:, 1], -0.4, atol=0.02)
    assert np.allclose(pieces.points[dot], [0.0, 0.4], atol=0.02)
    assert np.allclose(pieces.radius, 0.05, atol=0.012)


def test_of_a_large_picture_pieces_lie_where_its_ink_is_laid() -> None:
    picture = drawn((40, 60, 130, 60), (130, 60, 130, 140), side=160, width=7)
    raster, placement = normalise(picture, SIDE)
    types = traced_types([pieces_of(picture, placement)], torch.from_numpy(raster)[None])
    assert (types.canvas(SIDE)[0] - torch.from_numpy(raster)).square().mean() < 0.003


def test_types_are_nearer_to_the_picture_than_what_was_traced() -> None:
    pictures = [drawn(LINE, CORNER, DOT), drawn(LINE, width=8)]
    laid = [normalise(picture, SIDE) for picture in pictures]
    images = torch.from_numpy(np.stack([raster for raster, _ in laid]))
    pieces = [pieces_of(picture, placement) for picture, (_, placement) in zip(pictures, laid, strict=True)]
    types = traced_types(pieces, images)
    assert types.mask.sum(1).tolist() == [len(each.radius) for each in pieces]
    errors = (types.canvas(SIDE) - images).square().mean((1, 2))
    as_traced = traced.as_strokes(pieces).canvas(SIDE)
    assert (errors < 0.5 * (as_traced - images).square().mean((1, 2))).all()


def test_pieces_of_one_stroke_still_touch() -> None:
    picture = drawn(LINE, CORNER)
    raster, placement = normalise(picture, SIDE)
    pieces = pieces_of(picture, placement)
    assert len(pieces.radius) > 1
    points = traced_types([pieces], torch.from_numpy(raster)[None]).points[0]
    assert torch.equal(points[1:, 0], points[:-1, 3])


def test_pictures_are_improved_alike_alone_and_beside_longer_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [drawn(LINE), drawn(LINE, CORNER), drawn(CORNER)]
    laid = [normalise(picture, SIDE) for picture in pictures]
    images = torch.from_numpy(np.stack([raster for raster, _ in laid]))
    pieces = [pieces_of(picture, placement) for picture, (_, placement) in zip(pictures, laid, strict=True)]
    together = traced_types(pieces, images)
    monkeypatch.setattr(traced, "AT_ONCE", 1)
    alone = traced_types(pieces, images)
    assert torch.equal(together.mask, alone.mask)
    assert torch.allclose(together.points, alone.points, atol=1e-4)
    assert torch.allclose(together.canvas(SIDE), alone.canvas(SIDE), atol=1e-3)


def test_a_picture_of_very_many_lines_has_a_bounded_number_of_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = drawn(*[(10, y, 20 + y, y) for y in range(10, 80, 15)])
    placement = normalise(picture, SIDE)[1]
    assert len(pieces_of(picture, placement).radius) == 5
    monkeypatch.setattr(traced, "MOST", 2)
    longest = pieces_of(picture, placement)
    assert np.allclose(longest.points[:, 0, 1], [0.1, 0.4], atol=0.03)


def test_where_nothing_is_dark_enough_there_are_no_pieces() -> None:
    faint = Picture(np.full((40, 40), 0.02, np.float32), 40, 40)
    pieces = pieces_of(faint, normalise(faint, SIDE)[1])
    assert pieces.points.shape == (0, 4, 2)
    assert traced_types([pieces], torch.zeros(1, SIDE, SIDE)).canvas(SIDE).abs().max() == 0
