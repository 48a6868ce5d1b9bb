"""Thinning, against scikit-image's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage.morphology import skeletonize

from dood.samples import sample_paths
from dood.tracing.regions import parts_of
from dood.tracing.thinning import thinned

SEED = st.integers(0, 2**32 - 1)


@given(height=st.integers(1, 24), width=st.integers(1, 24), share=st.floats(0.1, 0.98), seed=SEED)
def test_noise_is_thinned_as_by_scikit_image(height: int, width: int, share: float, seed: int) -> None:
    ink = np.random.default_rng(seed).random((height, width)) < share
    assert_array_equal(thinned(ink), skeletonize(ink))


@given(blur=st.floats(0.5, 6), seed=SEED)
def test_blots_are_thinned_as_by_scikit_image(blur: float, seed: int) -> None:
    ink = gaussian_filter(np.random.default_rng(seed).normal(size=(60, 80)), blur) > 0
    assert_array_equal(thinned(ink), skeletonize(ink))


@pytest.mark.parametrize("path", sample_paths(), ids=lambda path: path.stem)
def test_drawings_are_thinned_as_by_scikit_image(path: object) -> None:
    with Image.open(str(path)) as image:
        ink = np.asarray(image.convert("L")) < 128
    assert_array_equal(thinned(ink), skeletonize(ink))


@given(seed=SEED)
def test_what_hangs_together_does_so_still(seed: int) -> None:
    ink = gaussian_filter(np.random.default_rng(seed).normal(size=(40, 40)), 2) > 0.05
    assert parts_of(thinned(ink), diagonally=True).max() == parts_of(ink, diagonally=True).max()


def test_nothing_is_thinned_to_nothing() -> None:
    assert not thinned(np.zeros((5, 0), bool)).size
    assert not thinned(np.zeros((5, 4), bool)).any()
    assert thinned(np.ones((1, 1), bool)).all()
