"""Certainty: what is fitted to runs that were made by it is found again, and what does not hold is seen."""

import numpy as np
import pytest
import torch

from dood.concepts.certainty import Certainty, class_probabilities, filled, known_probability
from dood.evaluation.certainty import Scored, calibration_error, fit_certainty, held, reliability, without_their_class
from tests.tiny import seeded

TEMPERATURE = 12.0


def made(count: int = 4000, classes: int = 5) -> Scored:
    """Queries whose classes are as probable as scores over the temperature say; the right ones lie higher."""
    scores = -200 + 30 * torch.randn(count, classes, generator=seeded(1))
    answers = torch.multinomial((scores / TEMPERATURE).softmax(-1), 1, generator=seeded(2)).squeeze(-1)
    return Scored(scores, -300 + 20 * torch.randn(count, generator=seeded(3)), answers)


def test_the_temperature_is_found_again_and_holds() -> None:
    scored = made()
    certainty = fit_certainty(scored)
    assert certainty.temperature == pytest.approx(TEMPERATURE, rel=0.08)
    found = held(scored, certainty)
    assert found.sureness == pytest.approx(found.accuracy, abs=0.02)
    assert found.calibration_error < 0.03
    bold = held(scored, certainty._replace(temperature=1.0))
    assert bold.accuracy == found.accuracy
    assert bold.calibration_error > 0.1
    assert bold.surprise > 2 * found.surprise


def test_what_is_known_is_told_from_what_is_not() -> None:
    scored = made()
    right = scored.scores.gather(1, scored.answers[:, None]) + 200
    far = scored._replace(scores=scored.scores.scatter(1, scored.answers[:, None], right))
    found = held(far, fit_certainty(far))
    assert found.known_area > 0.99
    assert found.kept == pytest.approx(0.95, abs=0.01)
    assert found.refused > 0.95
    blind = held(far, Certainty(1.0, 0.0, 0.0, 0.0, 0.6))
    assert (blind.known_area, blind.kept, blind.refused) == (0.5, 0.0, 1.0)


def test_the_hopeless_are_as_bad_as_the_worst() -> None:
    scores = torch.tensor([[-10.0, -torch.inf, -30.0]])
    assert filled(scores).tolist() == [[-10.0, -30.0, -30.0]]
    found = class_probabilities(scores, Certainty(10.0, 0.0, 0.0, 0.0, 0.0))
    assert found[0, 1] == found[0, 2] > 0
    scored = Scored(scores, torch.zeros(1), torch.tensor([0]))
    assert without_their_class(scored).tolist() == [[-torch.inf, -torch.inf, -30.0]]


def test_the_odds_of_being_known_are_linear() -> None:
    certainty = Certainty(1.0, 2.0, -3.0, 0.5, 0.0)
    found = known_probability(torch.tensor([[-50.0, -100.0]]), torch.tensor([-20.0]), certainty)
    assert found.logit().item() == pytest.approx(2 * -0.5 - 3 * -0.2 + 0.5)


def test_reliability_by_hand() -> None:
    sure, right = np.array([0.95, 1.0, 0.05, 0.42]), np.array([True, False, True, False])
    probability, share, counts = reliability(sure, right)
    assert probability.tolist() == pytest.approx([0.05, 0.42, 0.975])
    assert share.tolist() == [1, 0, 0.5]
    assert counts.tolist() == [1, 1, 2]
    assert calibration_error(sure, right) == pytest.approx((0.95 + 0.42 + 2 * 0.475) / 4)
