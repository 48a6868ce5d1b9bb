"""Variance in parts."""

import numpy as np
import pytest

from dood.evaluation.kinds import parts_of


def test_parts_of_what_was_made_of_parts() -> None:
    generator = np.random.default_rng(0)
    deviations = np.array([[1.0, 2.0, 0.5], [0.0, 1.0, 1.0]])  # hand, thing, chance of two features

    def alphabet() -> np.ndarray:
        normal = generator.normal
        parts = normal(size=(1, 20, 2)), normal(size=(30, 1, 2)), normal(size=(30, 20, 2))
        return 7 + sum((scale * part for scale, part in zip(deviations.T, parts, strict=True)), np.zeros(2))

    alphabets = [alphabet() for _ in range(40)]
    alphabets[0][:3, :5] = np.nan
    alphabets[1][0] = np.nan
    found = parts_of(alphabets)
    variances = deviations**2
    assert found.deviation == pytest.approx(variances.sum(1) ** 0.5, rel=0.06)
    shares = variances / variances.sum(1, keepdims=True)
    for part, share in zip(found[1:], shares.T, strict=True):
        assert part == pytest.approx(share, abs=0.05)
