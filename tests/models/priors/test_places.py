"""Where strokes may begin and end."""

import torch
from numpy.testing import assert_allclose
from torch import Tensor

from dood.models.priors.places import EARLIER, END_PLACE, PLACE, Places, before, marked, places_along, places_of_end
from tests.tiny import seeded


def strokes(batch: int = 1) -> Tensor:
    """Control points of as many earlier strokes as a stroke can point at."""
    return torch.rand(batch, EARLIER, 4, 2, generator=seeded()) - 0.5


def some_places(batch: int = 1, present: int = 2) -> Places:
    earlier = marked(strokes(batch))
    earlier[:, present:, -1] = 0
    return places_along(earlier)


def test_places_begin_and_end_where_strokes_do() -> None:
    places, points = some_places(), strokes()
    at = places.at.unflatten(1, (EARLIER, -1))
    assert_allclose(at[:, :, 0], points[:, :, 0], atol=1e-6)
    assert_allclose(at[:, :, -1], points[:, :, -1], atol=1e-6)
    first = points[:, :, 1] - points[:, :, 0]
    direction = places.direction.unflatten(1, (EARLIER, -1))[:, :, 0]
    assert_allclose(direction, first / first.norm(dim=-1, keepdim=True), atol=1e-5)
    assert places.features.shape == (1, EARLIER * at.shape[2], PLACE)
    assert places.present.unflatten(1, (EARLIER, -1))[0].all(-1).tolist() == [True] * 2 + [False] * (EARLIER - 2)


def test_an_end_may_be_at_the_stroke_s_own_start() -> None:
    places, start = some_places(3), torch.tensor([[0.1, -0.2]]).expand(3, 2)
    more = places_of_end(start, places)
    assert_allclose(more.at[:, -1], start)
    assert more.present[:, -1].all()
    assert more.features.shape == (3, places.at.shape[1] + 1, END_PLACE)
    away = more.features[..., PLACE:]
    assert_allclose(away[..., :2].norm(dim=-1), away[..., 2], atol=1e-6)
    assert_allclose(away[:, -1], torch.zeros(3, 3))


def test_the_strokes_before_each_come_latest_first() -> None:
    points = torch.arange(3.0).view(1, 3, 1, 1).expand(1, 3, 4, 2)
    earlier = before(points)
    assert earlier.shape == (1, 3, EARLIER, 9)
    assert earlier[0, 0].count_nonzero() == 0
    assert earlier[0, 2, :, -1].tolist() == [1, 1, *[0] * (EARLIER - 2)]
    assert earlier[0, 2, :2, 0].tolist() == [1, 0]
