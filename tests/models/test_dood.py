"""What every model must pass, whatever its configuration; add a variant to VARIANTS and it does too."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor
from torch.distributions import MixtureSameFamily, Normal

from dood.checkpoints import checkpoint
from dood.core.distributions import gaussian, mixture, rsample, sample, stop_time
from dood.core.geometry import bernstein, pixel_centres
from dood.engines.engine import Found
from dood.engines.network import Network
from dood.engines.search import error, refine
from dood.inference.objectives import OBJECTIVES, LossWeights, elbo, terms
from dood.models.appearance import Spline
from dood.models.dood import DooD, Trace
from dood.models.latents import LAYOUT, Latents, LatentStrokes
from dood.models.priors.canvas import CanvasPrior
from dood.models.priors.sequential import SequentialPrior
from dood.training.presets import MODELS
from tests.tiny import TINY, scribbles, seeded, tiny_model

VARIANTS = {
    **{name: dataclasses.replace(TINY, **changes, code=3) for name, changes in MODELS.items()},
    "air-normal": dataclasses.replace(TINY, **MODELS["air"], likelihood="normal"),
    "drafted-air": dataclasses.replace(TINY, **{**MODELS["difference-air"], "corrections": 1, "prior": "canvas"}),
    "plain": dataclasses.replace(TINY, corrections=0, pen_points=1),
    "normal": dataclasses.replace(TINY, likelihood="normal", corrections=2),
    "expost": dataclasses.replace(TINY, expost=True),
    "least": dataclasses.replace(TINY, strokes=1, points=1, pen_points=1, mixtures=1),
    "other-sizes": dataclasses.replace(
        TINY, resolution=9, strokes=3, points=5, frame_size=16, glimpse_size=24, prior_size=16
    ),
}


@pytest.fixture(params=list(VARIANTS.values()), ids=list(VARIANTS))
def model(request: pytest.FixtureRequest) -> DooD:
    return tiny_model(request.param)


def images_for(model: DooD, batch: int = 3) -> Tensor:
    return scribbles(batch, model.config.resolution)


def tensors(trace: Trace) -> dict[str, Tensor]:
    """All numbers of a trace, by name."""
    named = {name: getattr(trace, name) for name in ("canvases", "log_p", "log_q", "stop_features")}
    return named | trace.latents._asdict() | {"stop_p": trace.stop_p.logits, "stop_q": trace.stop_q.logits}


def assert_same(one: dict[str, Tensor], other: dict[str, Tensor], rtol: float, atol: float) -> None:
    for name, value in one.items():
        assert_allclose(value.detach(), other[name].detach(), rtol=rtol, atol=atol, err_msg=name)


def test_shapes(model: DooD) -> None:
    config, t = model.config, model.config.strokes
    trace = model(images_for(model), model.noise(3, generator=seeded()))
    shapes = {name: tuple(value.shape) for name, value in tensors(trace).items()}
    assert shapes == {
        "layout": (3, t, 4),
        "stroke": (3, t, model.appearance.width),
        "canvases": (3, t + 1, config.resolution, config.resolution),
        "log_p": (3, t),
        "log_q": (3, t),
        "stop_p": (3, t + 1),
        "stop_q": (3, t + 1),
        "stop_features": (3, t, model.recognition.stop_width),
    }


def test_every_parameter_has_a_finite_gradient_that_is_not_zero() -> None:
    """Wider than tiny, lest units that a ReLU happens to switch off look like parts that are not connected.

    With several strokes, since before the first one the canvas is blank and the recurrent states are zero.
    """
    for config in VARIANTS.values():
        model = tiny_model(dataclasses.replace(config, features=32, hidden=32, strokes=2))
        images = images_for(model, 8)
        trace = model(images, model.noise(8, generator=seeded()))
        (-elbo(terms(model, trace, images)).mean()).backward()
        gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
        if config.expost:
            gradients = {name: grad for name, grad in gradients.items() if not name.startswith("prior.joint.")}
        assert [name for name, grad in gradients.items() if grad is None or not grad.isfinite().all()] == []
        assert [name for name, grad in gradients.items() if grad is not None and not grad.any()] == []


def test_a_permuted_batch_gives_permuted_results(model: DooD) -> None:
    images, order = images_for(model, 5), torch.tensor([3, 0, 4, 1, 2])
    straight, permuted = tensors(model(images)), tensors(model(images[order]))
    assert_same({name: value[order] for name, value in straight.items()}, permuted, rtol=1e-3, atol=1e-4)


def test_an_image_is_parsed_alike_alone_and_in_a_batch(model: DooD) -> None:
    images = images_for(model, 4)
    together, alone = tensors(model(images)), tensors(model(images[2:3]))
    assert_same({name: value[2:3] for name, value in together.items()}, alone, rtol=1e-3, atol=1e-4)


def test_saved_and_loaded_it_is_the_same_model(model: DooD, tmp_path: Path) -> None:
    checkpoint.save(model, tmp_path / "model.safetensors")
    loaded = checkpoint.load(tmp_path / "model.safetensors")
    images = images_for(model)
    assert loaded.config == model.config
    assert_same(tensors(model(images)), tensors(loaded(images)), rtol=1e-6, atol=1e-6)


def test_the_canvases_are_what_the_strokes_draw(model: DooD) -> None:
    trace = model(images_for(model), model.noise(3, generator=seeded()))
    side, t = model.config.resolution, model.config.strokes
    ink = model.render(trace.latents, side, side)
    for n in range(t + 1):
        assert_allclose(trace.canvases[:, n].detach(), model.composite(ink[:, :n].sum(1)).detach(), atol=1e-5)


def test_strokes_are_drawn_where_the_layout_puts_their_points() -> None:
    """The ink's centre of mass is the curve's: nothing is mirrored, transposed or left in the stroke's own frame."""
    model = tiny_model()
    appearance = model.appearance
    assert isinstance(appearance, Spline)
    points = 0.5 * torch.randn(2 * TINY.points, generator=seeded())
    stroke = torch.cat([points, torch.full((TINY.pen_points + 1,), -1.0)])
    latents = Latents(torch.tensor([[[0.0, 0.4, -0.5, 0.4]]]), stroke.view(1, 1, -1))
    ink = model.render(latents, 60, 60)[0, 0].detach()
    centres = pixel_centres(60)
    mass = torch.stack([(ink.sum(0) * centres).sum(), (ink.sum(1) * centres).sum()]) / ink.sum()
    placed = model.layout_range.frame(latents.layout).apply(appearance.points(latents.stroke))[0, 0]
    curve = bernstein(TINY.points, 200) @ placed
    length = curve.diff(dim=0).norm(dim=-1, keepdim=True) + 1e-9
    middle = (length * (curve[1:] + curve[:-1]) / 2).sum(0) / length.sum()
    assert_allclose(mass, middle, atol=0.05)


def test_the_joint_prior_gives_strokes_the_same_density_one_by_one_and_all_at_once(model: DooD) -> None:
    """The batched prior against eq. 1 step by step."""
    prior, memory = model.prior.learned_jointly(), model.memory
    assert isinstance(prior, SequentialPrior)
    images = images_for(model)
    trace = model(images, model.noise(3, generator=seeded()))
    each, stop = prior.log_prob(images, trace.latents, trace.canvases)
    state, previous = memory.start(3), Latents.none(model.appearance.width, 3, torch.device("cpu"))
    for t in range(model.config.strokes):
        canvas = trace.canvases[:, t]
        embedding = memory.encode(canvas)
        state = memory.advance(state, previous, embedding)
        previous = Latents(*(part[:, t] for part in trace.latents))
        log_p = prior.layout(state.layout).log_prob(previous.layout)
        log_p = log_p + prior.stroke(state.stroke, previous.layout, canvas).log_prob(previous.stroke)
        assert_allclose(each[:, t].detach(), log_p.detach(), rtol=1e-4, atol=1e-4)
        go = prior.continue_logit(embedding, state).sigmoid()
        reached = stop.probs[:, t:].sum(-1)
        assert_allclose(stop.probs[:, t].detach(), (reached * (1 - go)).detach(), rtol=1e-3, atol=1e-6)


def test_a_traces_density_is_the_priors(model: DooD) -> None:
    """The prior in force, given the images themselves: an ex-post one takes its codebook entries from them."""
    images = images_for(model)
    trace = model(images, model.noise(3, generator=seeded()))
    log_p, stop_p = model.prior.log_prob(images, trace.latents, trace.canvases)
    assert_allclose(log_p.detach(), trace.log_p.detach(), rtol=1e-4, atol=1e-4)
    assert_allclose(stop_p.probs.detach(), trace.stop_p.probs.detach(), atol=1e-5)


def test_no_gradient_goes_through_the_canvas(model: DooD) -> None:
    """Paper 2.3: each stroke is inferred from, and has its density given, a canvas that is data.

    The first stroke's control points move the canvas that the second is inferred from. Only the likelihood may tell
    them so: neither what is inferred next, but for the recurrent states, nor the prior.
    """
    if model.config.strokes < 2:
        pytest.skip("there is no second stroke")
    seen: list[Tensor] = []
    plain = model.memory.encode
    model.memory.encode = lambda canvas: seen.append(canvas) or plain(canvas)  # pyright: ignore[reportAttributeAccessIssue]
    joint = model.prior.learned_jointly()
    images = images_for(model)
    trace = model(images, model.noise(3, generator=seeded()))
    joint.log_prob(images, trace.latents, trace.canvases)
    assert trace.canvases.requires_grad
    assert len(seen) > model.config.strokes
    assert not any(canvas.requires_grad for canvas in seen)
    (gradient,) = torch.autograd.grad(
        joint.log_prob(images, trace.latents, trace.canvases)[0].sum(), trace.canvases, allow_unused=True
    )
    assert gradient is None


@pytest.mark.parametrize("stopping", sorted(OBJECTIVES))
def test_either_treatment_of_the_stop_time_trains_it(model: DooD, stopping: str) -> None:
    objective = OBJECTIVES[stopping](model.recognition.stop_width)
    images = images_for(model, 8)
    trace = model(images, model.noise(8, generator=seeded()))
    value = objective(terms(model, trace, images), trace.stop_features, LossWeights(), seeded()).mean()
    value.backward()
    assert value.isfinite()
    gradient = model.recognition.on_head[-1].bias.grad  # pyright: ignore[reportAttributeAccessIssue]
    assert gradient is not None
    assert gradient.isfinite().all()
    assert gradient.any()


def test_a_parse_is_refined_towards_the_image(model: DooD) -> None:
    images, engine = images_for(model).numpy(), Network(model)
    found = engine.infer(images, model.config.strokes)
    before = Found(found.latents._replace(strokes=np.full(3, model.config.strokes)), found.canvases)
    after = refine(engine, images, before, 4)
    assert error(images, after).mean() < error(images, before).mean()


def test_further_strokes_do_not_change_the_first_ones(model: DooD) -> None:
    images, t = images_for(model), model.config.strokes
    few, more = model(images), model(images, strokes=t + 2)
    assert more.log_p.shape == (3, t + 2)
    assert_same(few.latents._asdict(), {k: v[:, :t] for k, v in more.latents._asdict().items()}, rtol=1e-4, atol=1e-5)
    assert_allclose(few.log_p.detach(), more.log_p[:, :t].detach(), rtol=1e-4, atol=1e-4)
    assert_allclose(few.stop_q.probs[:, :t].detach(), more.stop_q.probs[:, :t].detach(), atol=1e-5)


def test_the_same_generator_gives_the_same_trace_and_leaves_torchs_own_alone(model: DooD) -> None:
    images = images_for(model)
    before = torch.random.get_rng_state()
    one, same, other = (tensors(model(images, model.noise(3, generator=seeded(seed)))) for seed in (5, 5, 6))
    assert_same(one, same, rtol=0, atol=0)
    assert not torch.equal(one["stroke"], other["stroke"])
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_row_of_noise_picks_the_same_sample_alone_and_in_a_batch(model: DooD) -> None:
    images, noise = images_for(model, 4), model.noise(4, generator=seeded())
    together, alone = tensors(model(images, noise)), tensors(model(images[1:2], noise[1:2]))
    assert_same({name: value[1:2] for name, value in together.items()}, alone, rtol=1e-3, atol=1e-4)


def test_no_noise_is_the_mean(model: DooD) -> None:
    images, t = images_for(model), model.config.strokes + 1
    silent = torch.zeros_like(model.noise(3, strokes=t))
    assert_same(tensors(model(images, silent)), tensors(model(images, strokes=t)), rtol=1e-5, atol=1e-5)


def test_an_image_of_another_size_is_parsed(model: DooD) -> None:
    images = scribbles(2, 21)
    trace = model(images)
    assert trace.canvases.shape[-2:] == (21, 21)
    assert elbo(terms(model, trace, images)).isfinite().all()


def test_blank_and_full_images_are_no_special_case(model: DooD) -> None:
    images = torch.stack([torch.zeros(12, 12), torch.ones(12, 12)])
    trace = model(images, model.noise(len(images), generator=seeded()))
    assert all(value.isfinite().all() for value in tensors(trace).values())


def test_samples_have_counts_and_canvases_in_range(model: DooD) -> None:
    config = model.config
    sample = model.sample(7, generator=seeded())
    assert sample.strokes.shape == (7,)
    assert ((sample.strokes >= 0) & (sample.strokes <= config.strokes)).all()
    assert sample.canvas.shape == (7, config.resolution, config.resolution)
    assert (sample.canvas >= 0).all()
    assert (sample.canvas <= 1).all() or config.canvas == "sum"
    assert [tuple(part.shape) for part in sample.latents] == [
        (7, config.strokes, 4),
        (7, config.strokes, model.appearance.width),
    ]
    assert model.sample(2, resolution=30, strokes=5, generator=seeded()).latents.layout.shape == (2, 5, 4)
    assert model.sample(2, resolution=30, generator=seeded()).canvas.shape == (2, 30, 30)


def test_a_sample_shows_the_strokes_that_count_and_no_others(model: DooD) -> None:
    sample = model.sample(40, generator=seeded())
    side = model.config.resolution
    used = torch.arange(model.config.strokes) < sample.strokes[:, None]
    ink = (model.render(sample.latents, side, side) * used[..., None, None]).sum(1)
    assert_allclose(sample.canvas, model.composite(ink).detach(), atol=1e-5)
    assert (sample.strokes == 0).any()
    assert (sample.canvas[sample.strokes == 0] == 0).all()


def test_the_same_generator_gives_the_same_samples(model: DooD) -> None:
    one, same, other = (model.sample(5, generator=seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(one.canvas, same.canvas)
    assert torch.equal(one.latents.stroke, same.latents.stroke)
    assert not torch.equal(one.latents.stroke, other.latents.stroke)


def test_samples_have_as_many_strokes_as_the_prior_says() -> None:
    model = tiny_model(dataclasses.replace(TINY, strokes=4)).requires_grad_(False)
    prior = model.prior
    assert isinstance(prior, CanvasPrior)
    prior.on_head[-1].weight.zero_()  # pyright: ignore[reportCallIssue]
    expected = stop_time(torch.ones(4)).probs
    counts = model.sample(4000, resolution=8, generator=seeded()).strokes.bincount(minlength=5) / 4000
    assert_allclose(counts, expected, atol=0.03)


def test_rsample_is_a_gaussian_and_its_mean() -> None:
    parameters = torch.tensor([[1.0, -2.0, 0.0, -1.0]])
    density = gaussian(parameters.expand(20_000, 4))
    drawn = rsample(density, torch.randn(20_000, 2, generator=seeded()))
    assert_allclose(drawn.mean(0), parameters[0, :2], atol=0.03)
    assert_allclose(drawn.std(0), parameters[0, 2:].exp(), rtol=0.03)
    assert torch.equal(rsample(density, None), density.mean)


def test_sample_is_of_the_mixture() -> None:
    """By the mean probability that the samples and the mixture's own give to a set of half planes."""
    parameters = torch.tensor([[0.0, -2.0, 1.0, -0.5, 0.2], [1.0, 2.0, 0.0, 0.0, -1.0]])
    density = mixture(parameters.expand(20_000, 2, 5))
    assert isinstance(density, MixtureSameFamily)
    picked = sample(density, seeded())
    weight = parameters[:, 0].softmax(0)
    for edge in (-2.0, -1.0, 0.0, 1.0, 2.0):
        below = Normal(parameters[:, 1:3], parameters[:, 3:].exp()).cdf(torch.tensor(edge))
        assert_allclose((picked < edge).float().mean(0), weight @ below, atol=0.015)


def test_a_trained_looking_model_is_still_a_function_of_the_image() -> None:
    model = tiny_model()
    one, other = tensors(model(scribbles(2))), tensors(model(scribbles(2, seed=9)))
    assert not any(torch.equal(one[name][:, -1], other[name][:, -1]) for name in ("layout", "stroke", "stop_features"))


def test_a_sample_goes_on_from_what_is_drawn(model: DooD) -> None:
    """As if the strokes that are there had been sampled: same states, same canvas, so the same continuation."""
    latents = model.sample(4, strokes=3, generator=seeded()).latents
    given = LatentStrokes(latents, torch.tensor([3, 2, 0, 1]))
    sample = model.sample(4, strokes=2, given=given, generator=seeded(1))
    assert sample.latents.layout.shape == (4, 2, LAYOUT)
    side = model.config.resolution
    for b in range(4):
        kept = [part[b, : given.strokes[b]] for part in latents]
        added = [part[b, : sample.strokes[b]] for part in sample.latents]
        both = Latents(*(torch.cat(parts) for parts in zip(kept, added, strict=True)))
        canvas = model.composite(model.render(both, side, side).sum(0)).detach()
        assert_allclose(sample.canvas[b], canvas, atol=1e-5)


def test_a_sample_that_goes_on_depends_on_what_is_drawn_where_the_prior_does(model: DooD) -> None:
    one, other = (model.sample(3, strokes=2, generator=seeded(seed)).latents for seed in (0, 1))
    counts = torch.full((3,), 2)
    first, second = (
        model.sample(3, strokes=1, given=LatentStrokes(latents, counts), generator=seeded(2)).latents.flat()
        for latents in (one, other)
    )
    assert torch.equal(first, second) == (model.config.prior == "fixed")
