"""The same drawings by onnxruntime and by torch, from the shipped weights."""

import dataclasses
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from dood.checkpoints import checkpoint
from dood.concepts.completion import completions
from dood.core.distributions import stop_time
from dood.core.streams import Stream, picture_seed
from dood.data import make_synthetic
from dood.engines import runtime, search
from dood.engines.choice import engine_of
from dood.engines.engine import Engine, Found, Latents
from dood.engines.network import Network
from dood.engines.runtime import Runtime
from dood.errors import DoodError
from dood.models.dood import DooD
from dood.models.priors.expost import ExPostPrior
from tests.tiny import TINY, tiny_model

USUAL, RARE = 1e-3, 0.03
"""What canvases (ink is in [0, 1]) differ by at most: half of the drawings, and 95 in 100. Each stroke is inferred from
what those before it have left, which makes of a difference one some five times greater: rounding, 1e-7, is seen by the
sixth stroke. Torch in single precision is as far from double precision (docs/performance.md)."""
FIRST = 1e-3
"""The same of the first two strokes' numbers, of all drawings."""

Images = NDArray[np.float32]


@pytest.fixture(scope="module")
def ours() -> Runtime:
    return Runtime("all")


@pytest.fixture(scope="module")
def theirs() -> Network:
    return Network(checkpoint.load("all"))


@pytest.fixture(scope="module")
def images() -> Images:
    """200 drawings of 1 to 5 strokes."""
    return make_synthetic(0, 200, 50).test_images.astype(np.float32) / np.float32(255)


def assert_same(one: Found, other: Found) -> None:
    assert_array_equal(one.latents.strokes, other.latents.strokes)
    for ours, theirs in zip(one.latents[:2], other.latents[:2], strict=True):
        assert_allclose(ours[:, :2], theirs[:, :2], atol=FIRST, rtol=FIRST)
    difference = np.abs(one.canvases - other.canvases).max((1, 2, 3))
    assert np.quantile(difference, 0.5) < USUAL
    assert np.quantile(difference, 0.95) < RARE


def test_200_drawings_have_the_same_strokes(ours: Runtime, theirs: Network, images: Images) -> None:
    one = ours.infer(images, 6)
    assert len(set(one.latents.strokes.tolist())) > 3
    assert_same(one, theirs.infer(images, 6))


def test_posterior_samples_are_the_same(ours: Runtime, theirs: Network, images: Images) -> None:
    streams = [[Stream(picture_seed(image, 1)) for image in images[:50]] for _ in range(2)]
    one, other = (
        search.parse(engine, images[:50], samples=3, streams=numbers)
        for engine, numbers in zip((ours, theirs), streams, strict=True)
    )
    assert_same(one, other)


def test_strokes_that_are_given_are_gone_on_from_alike(ours: Runtime, theirs: Network, images: Images) -> None:
    few, number = images[:21], np.arange(21) % 7
    given = ours.infer(few, 6).latents._replace(strokes=number)
    assert_same(ours.infer(few, 2, given=given), theirs.infer(few, 2, given=given))


def test_ink_and_curves_are_the_same(ours: Runtime, theirs: Network, images: Images) -> None:
    few = images[:20]
    latents = ours.infer(few, 6).latents
    assert_allclose(ours.ink(latents), theirs.ink(latents), atol=1e-4)
    assert_allclose(ours.composite(ours.ink(latents)), theirs.composite(theirs.ink(latents)), atol=1e-4)
    for one, other in zip(ours.curves(latents), theirs.curves(latents), strict=True):
        assert_allclose(one, other, atol=1e-6)


def test_a_search_finds_drawings_as_good(ours: Runtime, theirs: Network, images: Images) -> None:
    """Not the same ones: whether a stroke is pruned can turn on rounding, and refinement hands it on."""
    few = images[:8]
    one, other = (search.search(engine, few, strokes=9, refining=4) for engine in (ours, theirs))
    assert (one.latents.strokes == other.latents.strokes).mean() > 0.8
    errors = np.stack([search.error(few, one), search.error(few, other)])
    assert_allclose(*errors, atol=5e-3)
    assert_allclose(*errors.mean(1), atol=1e-3)


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_a_seed_means_the_same_drawings(ours: Runtime, theirs: Network, temperature: float) -> None:
    one, other = (engine.sample(300, 6, temperature=temperature, seed=3) for engine in (ours, theirs))
    assert_array_equal(one.strokes, other.strokes)
    assert len(set(one.strokes.tolist())) > 2
    # Rounding may choose another component of a mixture once in ten thousand numbers.
    far = np.abs(one.stroke - other.stroke).max((1, 2)) > 5e-3
    assert far.mean() < 0.02


def test_a_critic_chooses_the_same_drawings(tmp_path: Path) -> None:
    shipped = checkpoint.load("mnist")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = DooD(dataclasses.replace(shipped.config, critic=True))
    model.load_state_dict(shipped.state_dict(), strict=False)
    prior = model.eval().requires_grad_(False).prior
    assert isinstance(prior, ExPostPrior)
    assert prior.critic is not None
    prior.critic.out.weight *= 50
    checkpoint.save(model, tmp_path / "critic.safetensors")
    one, other = (
        engine.sample(300, 6, temperature=1.0, seed=3)
        for engine in (Runtime(tmp_path / "critic.safetensors"), Network(model))
    )
    assert_array_equal(one.strokes, other.strokes)
    assert (np.abs(one.stroke - other.stroke).max((1, 2)) > 5e-3).mean() < 0.02


def test_the_most_probable_number_of_strokes() -> None:
    logits = 2 * torch.randn(200, 6, generator=torch.Generator().manual_seed(0))
    assert_array_equal(runtime.most_probable(logits.numpy()), stop_time(logits).probs.argmax(-1).numpy())


@pytest.mark.parametrize("blank", [False, True])
def test_whole_drawings_are_proposed_alike(ours: Runtime, theirs: Network, images: Images, blank: bool) -> None:
    part = np.zeros_like(images[0]) if blank else images[0]
    batches = [islice(engine.propose(part, 128, 6, temperature=1.0, seed=3), 2) for engine in (ours, theirs)]
    for one, other in zip(*batches, strict=True):
        assert_array_equal(one.strokes, other.strokes)
        assert (np.abs(one.stroke - other.stroke).max((1, 2)) > 5e-3).mean() < 0.02


def test_drawings_are_completed_alike(ours: Runtime, theirs: Network, images: Images) -> None:
    """But for a completion in fifty or so, where rounding chose another component of a mixture."""
    alike = []
    for seed, image in enumerate(images[:6]):
        part = ours.infer(image[None], 6).latents
        one, other = (completions(engine, part, 8, temperature=1.0, seed=seed) for engine in (ours, theirs))
        alike += [
            bool((a == b).all() and np.allclose(p[a], q[a], atol=5e-3))
            for a, b, p, q in zip(one.mask, other.mask, one.points, other.points, strict=True)
        ]
    assert np.mean(alike) > 0.9


def test_no_shipped_prior_goes_on_from_strokes(ours: Runtime, theirs: Network, images: Images) -> None:
    part = ours.infer(images[:1], 6).latents
    assert all(engine.follow(part, 2, 3, temperature=1.0, seed=0) is None for engine in (ours, theirs))
    assert theirs.with_joint_prior().follow(part, 2, 3, temperature=1.0, seed=0) is not None


@pytest.mark.parametrize("name", sorted(checkpoint.shipped()))
def test_the_shipped_models_need_no_torch(name: str) -> None:
    assert Runtime.fits(runtime.config_of(name))
    assert runtime.config_of(f"{name}{checkpoint.JOINT_PRIOR}") == dataclasses.replace(
        runtime.config_of(name), expost=False, critic=False
    )


def test_the_graphs_are_small_since_they_hold_no_weights() -> None:
    folder = Path(str(runtime._folder()))
    assert {path.name for path in folder.iterdir()} == {
        "graphs.json",
        "step.onnx",
        "prior.onnx",
        "critic.onnx",
        "draw.onnx",
    }
    assert sum(path.stat().st_size for path in folder.iterdir()) < 250_000


def test_an_engine_is_chosen_by_the_model(tmp_path: Path, theirs: Network) -> None:
    checkpoint.save(tiny_model(), tmp_path / "tiny.safetensors")
    assert isinstance(engine_of("mnist"), Runtime)
    assert isinstance(engine_of("mnist", sampling=True), Runtime)
    assert isinstance(engine_of("mnist:joint-prior"), Runtime)
    assert isinstance(engine_of("mnist:joint-prior", sampling=True), Network)
    assert isinstance(engine_of(tmp_path / "tiny.safetensors"), Network)
    assert isinstance(engine_of(tiny_model()), Network)
    assert engine_of(theirs) is theirs


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    model = checkpoint.load("mnist")
    with torch.no_grad():
        model.recognition.on_head[0].bias[3] = torch.nan
    checkpoint.save(model, tmp_path / "broken.safetensors")
    with pytest.raises(DoodError, match=r"not finite \(recognition"):
        Runtime(tmp_path / "broken.safetensors")
    other = tiny_model()
    other.config = model.config
    checkpoint.save(other, tmp_path / "other.safetensors")
    with pytest.raises(DoodError, match="rather than"):
        Runtime(tmp_path / "other.safetensors")
    damaged = bytearray((tmp_path / "broken.safetensors").read_bytes())
    damaged[-5] ^= 64
    (tmp_path / "damaged.safetensors").write_bytes(damaged)
    with pytest.raises(DoodError, match="checksum"):
        Runtime(tmp_path / "damaged.safetensors")


def test_a_model_without_strokes_has_no_engine() -> None:
    air = dataclasses.replace(TINY, appearance="neural", canvas="sum", prior="fixed", guidance=False, corrections=0)
    with pytest.raises(DoodError, match="has no strokes to give"):
        engine_of(tiny_model(air))


def test_latents_say_which_strokes_count() -> None:
    zeros = np.zeros((2, 3, 4), np.float32)
    latents = Latents(zeros, zeros, np.array([0, 2]))
    assert latents.mask.tolist() == [[False] * 3, [True, True, False]]


def test_both_are_engines(ours: Engine, theirs: Engine) -> None:
    assert ours.widths == theirs.widths == (4, 14)
    assert ours.config == theirs.config
