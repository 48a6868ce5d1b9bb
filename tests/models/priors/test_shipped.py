"""The priors by default have the sizes that weights were learned for."""

import pytest

from dood.checkpoints.checkpoint import JOINT_PRIOR, load, shipped


@pytest.mark.parametrize("suffix", ["", JOINT_PRIOR])
def test_the_shipped_priors_fit(suffix: str) -> None:
    """`load` refuses weights of other shapes."""
    for name in shipped():
        assert load(name + suffix).prior.completion in ("follow", "whole")
