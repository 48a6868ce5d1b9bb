"""Drawings in a style: they take on what is the hand's, and remain what they are."""

import numpy as np
import pytest

from dood.concepts.style import FEATURES, Features, Style, features, shares, style_of
from dood.concepts.styled import styled
from dood.drawing import Drawing, Stroke

from .glyphs import characters, drawing, line

MANY = 1000


def hand(like: Drawing, **told: float) -> Style:
    """A hand of which much is known, that draws as the drawing is drawn but for what is told."""
    means = features(like)._replace(**told)
    return Style(np.array(means), np.zeros(len(FEATURES)), np.full(len(FEATURES), MANY))


def trust(name: str) -> float:
    return float(shares(np.full(len(FEATURES), MANY))[FEATURES.index(name)])


@pytest.mark.parametrize("one", characters())
@pytest.mark.parametrize(
    ("name", "by"), [("x", 0.05), ("y", -0.04), ("size", -0.3), ("aspect", 0.4), ("slant", 0.25), ("pen", 0.5)]
)
def test_a_feature_goes_to_the_hands_by_its_share_and_the_others_stay(one: Drawing, name: str, by: float) -> None:
    before = features(one)
    after = features(styled(one, hand(one, **{name: getattr(before, name) + by})))
    # What leans is wider, and is made narrower again, so that it leans a little less.
    assert getattr(after, name) == pytest.approx(getattr(before, name) + trust(name) * by, rel=0.25, abs=0.02)
    # A shear and a stretch change each other's feature a little.
    others = {"aspect": {"slant"}, "slant": set(), "pen": {"wobble", "sharpness", "gap"}}.get(name, set())
    for other in ("x", "y", "size", "aspect", "slant", "pen"):
        if other != name and other not in others:
            assert getattr(after, other) == pytest.approx(getattr(before, other), abs=0.03, nan_ok=True), other


def test_strokes_their_order_colours_and_ends_stay() -> None:
    ring = Stroke([[50, 20], [70, 20], [80, 50], [50, 50], [20, 50], [30, 20], [50, 20]], 3.0, pieces=2, closed=True)
    one = drawing(ring, Stroke([[10, 90], [30, 70], [60, 95], [90, 90]], [2, 4], colour="#102030"), Stroke([[5, 5]], 4))
    style = hand(one, wobble=features(one).wobble + 2, slant=0.3, pen=-3.0, x=0.4)
    made = styled(one, style, seed=3)
    assert [(each.closed, each.colour, each.fill) for each in made.strokes] == [
        (each.closed, each.colour, each.fill) for each in one.strokes
    ]
    assert len(made.strokes[2].points) == 1
    assert made == styled(one, style, seed=3)
    assert made != styled(one, style, seed=4)


def test_a_shaky_hand_and_a_steady_one() -> None:
    straight = drawing(line((10, 50), (90, 50)), line((50, 20), (50, 80)))
    shaky = styled(straight, hand(straight, wobble=np.log(0.3)), seed=1)
    assert features(shaky).wobble > features(straight).wobble + 1
    steady = styled(shaky, hand(shaky, wobble=features(straight).wobble))
    assert features(steady).wobble < features(shaky).wobble - 0.3


def test_corners_are_rounded_and_gaps_closed() -> None:
    corner = drawing(line((10, 70), (50, 40), (90, 70)))
    rounded = styled(corner, hand(corner, sharpness=features(corner).sharpness - 3))
    # NaN where it is so round that it is no corner any more.
    assert not features(rounded).sharpness > features(corner).sharpness - 0.2
    loose = drawing(line((50, 10), (50, 90)), line((56, 50), (90, 50)))
    closer = styled(loose, hand(loose, gap=0.0))
    assert features(closer).gap < 0.7 * features(loose).gap
    touching = drawing(line((50, 10), (50, 90)), line((50, 50), (90, 50)))
    assert features(styled(touching, hand(touching, gap=2.0))).gap == 0, "what meets still does"


def test_it_stays_on_its_page_however_large_the_hand() -> None:
    for one in characters():
        made = styled(one, hand(one, size=1.5, x=0.9, y=-0.5, aspect=1.0))
        points = np.concatenate([stroke.even(1.0) for stroke in made.strokes])
        assert points.min() > -0.5
        assert points.max() < 100.5


def test_an_unknown_hand_changes_nothing() -> None:
    one = characters()[0]
    for old, new in zip(one.strokes, styled(one, style_of([])).strokes, strict=True):
        np.testing.assert_allclose(new.points, old.points, atol=1e-9)
    assert styled(Drawing(10, 10), style_of([one])) == Drawing(10, 10)


def test_features_have_names() -> None:
    assert Features._fields == FEATURES
