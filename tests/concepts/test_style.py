"""What is told of a hand: each feature of made drawings, and how far it is to be trusted."""

from dataclasses import replace

import numpy as np
import pytest

from dood.concepts.spreads import Spreads
from dood.concepts.style import FEATURES, KINDS, Features, features, shares, spreads_of, style_of
from dood.drawing import Drawing, Stroke

from .glyphs import characters, drawing, line


def mapped(one: Drawing, matrix: list[list[float]], shift: tuple[float, float] = (0, 0), pen: float = 1.0) -> Drawing:
    """Under an affine map about the middle of its page."""
    middle = np.array([one.width, one.height]) / 2
    places = [(stroke.points - middle) @ np.array(matrix).T + middle + shift for stroke in one.strokes]
    strokes = (
        Stroke(points, stroke.widths * pen, pieces=stroke.pieces)
        for points, stroke in zip(places, one.strokes, strict=True)
    )
    return replace(one, strokes=tuple(strokes))


def jagged(size: float) -> Drawing:
    """A long line across that goes up and down by so much."""
    corners = [(10 + 2 * i, 50 + size * (-1) ** i) for i in range(41)]
    return drawing(line(*corners))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("one", characters())
def test_features_follow_what_is_done_to_a_drawing(one: Drawing) -> None:
    before = features(one)
    moved = features(mapped(one, [[1, 0], [0, 1]], (5, -10)))
    assert (moved.x, moved.y) == pytest.approx((before.x + 0.05, before.y - 0.1))
    assert moved[2:] == pytest.approx(before[2:], abs=0.02, nan_ok=True)
    assert features(mapped(one, [[0.5, 0], [0, 0.5]])).size == pytest.approx(before.size + np.log(0.5), abs=1e-6)
    assert features(mapped(one, [[0.8, 0], [0, 0.4]])).aspect == pytest.approx(before.aspect + np.log(2), abs=1e-6)
    assert features(mapped(one, [[1, 0], [0, 1]], pen=1.5)).pen == pytest.approx(before.pen + np.log(1.5))
    # To the right as it goes up, where y points down.
    leaning = features(mapped(one, [[1, -0.3], [0, 1]]))
    assert leaning.slant == pytest.approx(before.slant + 0.3, abs=0.01)


def test_wobble_is_of_lines_and_sharpness_of_corners() -> None:
    steady, shaky = features(jagged(0.0)), features(jagged(1.5))
    assert shaky.wobble > steady.wobble + 1
    corner = features(drawing(line((20, 80), (50, 20), (80, 80))))
    bow = np.array([[20, 80], [35, 10], [65, 10], [80, 80]])
    rounded = features(drawing(Stroke(bow, 3.0)))
    assert np.isnan(rounded.sharpness) or corner.sharpness > rounded.sharpness + 0.3


def test_gaps_are_of_ends_that_nearly_meet() -> None:
    def apart(by: float) -> float:
        return features(drawing(line((50, 10), (50, 90)), line((50 + by, 50), (90, 50)))).gap

    assert apart(0) == 0
    assert apart(2) == 0, "within a pen it meets"
    assert apart(6) == pytest.approx(2, abs=0.1)
    assert np.isnan(apart(20)), "nothing is near"


def test_what_says_nothing_is_left_out_of_the_means() -> None:
    level, upright = drawing(line((20, 50), (80, 50))), drawing(line((50, 20), (50, 80)))
    assert np.isnan(features(level).slant)
    style = style_of([level, upright, Drawing(100, 100)])
    counts, means = Features(*style.counts), Features(*style.means)
    assert (counts.x, counts.slant, counts.gap) == (2, 1, 0)
    assert means.slant == pytest.approx(0, abs=1e-6)
    assert np.isnan(means.gap)
    assert Features(*style.deviations).aspect == pytest.approx(np.log(400) / 2**0.5, rel=0.01)
    assert (style_of([]).counts == 0).all()


def test_shares_are_the_best_for_sums_of_hand_thing_and_chance() -> None:
    """By simulation: no other share of the way brings drawings nearer to the hand's own, but for the strength."""
    from dood.concepts import style

    generator, count, known = np.random.default_rng(0), 40_000, 3
    own = shares(np.full(len(FEATURES), known))
    for name in ("size", "wobble"):
        _, hand, chance = KINDS[name]
        thing = 1 - hand - chance
        hands = hand**0.5 * generator.normal(size=(2, count))
        things = thing**0.5 * generator.normal(size=(known + 1, count))
        noise = chance**0.5 * generator.normal(size=(known + 2, count))
        mean = hands[0] + (things[:known] + noise[:known]).mean(0)
        given, wanted = (hands[k] + things[known] + noise[known + 1 - k] for k in (1, 0))
        best = float(((mean - given) * (wanted - given)).mean() / np.square(mean - given).mean())
        share = own[FEATURES.index(name)]
        further = style.STRENGTH if name in style.FIRMLY else 1.0
        assert share == pytest.approx(min(1.0, further * best), rel=0.05)


def test_more_drawings_are_trusted_more_and_none_not_at_all() -> None:
    few, many, none = (shares(np.full(len(FEATURES), n)) for n in (1, 20, 0))
    assert (few <= many).all()
    assert (few < many).any()
    assert (none == 0).all()


def test_a_hand_that_varies_much_goes_on_to() -> None:
    steady = style_of([drawing(line((40, 20), (40, 80)), line((40, 50), (70, 50)))] * 6)
    varied = style_of([mapped(characters()[0], [[k, 0], [0, k]]) for k in (0.3, 0.5, 0.7, 0.9, 1.1, 1.3)])
    usual = Spreads()
    assert spreads_of(steady, usual).size < usual.size < spreads_of(varied, usual).size
    assert spreads_of(style_of([]), usual) == usual
    assert spreads_of(varied, usual).bend == usual.bend
