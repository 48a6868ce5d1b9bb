"""Objectives against enumeration, against each other, and against a model whose likelihood is known."""

import math
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from torch import Tensor
from torch.distributions import Normal

from dood.core.distributions import stop_time
from dood.inference.objectives import (
    OBJECTIVES,
    Exact,
    LossWeights,
    Nvil,
    Terms,
    elbo,
    importance_weights,
    learning_signal,
    sampled_objective,
    terms,
)
from tests.tiny import scribbles, seeded, tiny_model

seeds = st.integers(0, 2**32 - 1)
steps = st.integers(1, 4)

ALTERED = [
    LossWeights(),
    LossWeights(beta=3.0),
    LossWeights(beta=0.5, ratio=0.2),
    LossWeights(beta=2.0, ratio=0.5, spread=0.7),
]


def leaves(seed: int, batch: int, t: int) -> list[Tensor]:
    """Log likelihoods, divergences of each stroke, and logits of the prior's and the posterior's decisions."""
    generator = seeded(seed)
    shapes = ((batch, t + 1), (batch, t), (batch, t), (batch, t))
    parts = [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]
    parts[0] = 3 * parts[0]
    return [part.requires_grad_() for part in parts]


def assemble(parts: list[Tensor]) -> Terms:
    likelihood, ratio, prior, posterior = parts
    ratio = torch.cat([torch.zeros_like(ratio[:, :1]), ratio.cumsum(-1)], -1)
    return Terms(likelihood, ratio, stop_time(prior).logits, stop_time(posterior).logits)


def gradient(value: Tensor, parts: list[Tensor]) -> list[Tensor]:
    return list(torch.autograd.grad(value, parts, retain_graph=True, allow_unused=False))


def enumerated(t: Terms, weights: LossWeights, offset: Tensor) -> Tensor:
    """Expectation over the stop time of the sampled objective, as far as its gradient goes; `offset` is a baseline."""
    total = torch.zeros(())
    for n in range(t.log_stop_q.shape[-1]):
        stop = torch.full((len(t.log_stop_q),), n)
        signal, _ = learning_signal(t, stop, weights.beta)
        total = total + (t.log_stop_q[:, n].detach().exp() * sampled_objective(t, stop, weights, signal + offset)).sum()
    return total


@given(seed=seeds, t=steps)
def test_the_bound_is_the_enumeration_over_the_number_of_strokes(seed: int, t: int) -> None:
    parts = assemble(leaves(seed, 2, t))
    for b in range(2):
        slow = 0.0
        for n in range(t + 1):
            likelihood, ratio, log_p, log_q = (part[b, n].item() for part in parts)
            slow += math.exp(log_q) * (likelihood + log_p - ratio - log_q)
        assert elbo(parts)[b].item() == pytest.approx(slow)


@given(seed=seeds, t=steps)
def test_the_bound_is_below_the_importance_weight_unless_the_posterior_is_exact(seed: int, t: int) -> None:
    parts = assemble(leaves(seed, 3, t))
    assert (elbo(parts) <= importance_weights(parts) + 1e-9).all()
    best = (parts.log_likelihood + parts.log_stop_p - parts.log_ratio).log_softmax(-1)
    exact = parts._replace(log_stop_q=best)
    assert_allclose(elbo(exact).detach(), importance_weights(exact).detach())


@given(seed=seeds, t=steps)
def test_exact_climbs_the_bound(seed: int, t: int) -> None:
    parts = leaves(seed, 3, t)
    split = assemble(parts)
    climbed = Exact(1)(split, torch.zeros(3, t, 1), LossWeights())
    for ours, bound in zip(gradient(climbed.sum(), parts), gradient(elbo(split).sum(), parts), strict=True):
        assert_allclose(ours, bound, atol=1e-9)


@given(seed=seeds, t=steps, weights=st.sampled_from(ALTERED))
def test_nvil_climbs_the_same_whatever_the_baseline(seed: int, t: int, weights: LossWeights) -> None:
    """Enumerated over the stop time, so without Monte Carlo error."""
    parts = leaves(seed, 3, t)
    split = assemble(parts)
    baseline = torch.randn(3, t, generator=seeded(seed), dtype=torch.float64)
    exact = Exact(1)(split, torch.zeros(3, t, 1), weights).sum()
    for ours, theirs in zip(gradient(enumerated(split, weights, baseline), parts), gradient(exact, parts), strict=True):
        assert_allclose(ours, theirs, atol=1e-9)


def test_nvil_and_exact_agree_on_every_parameter_of_a_model() -> None:
    model, images = tiny_model(), scribbles(3)
    parameters = dict(model.named_parameters())
    split = terms(model, model(images, model.noise(len(images), generator=seeded())), images)
    find = partial(torch.autograd.grad, inputs=list(parameters.values()), retain_graph=True)
    sampled, exact = find(enumerated(split, LossWeights(), torch.zeros(()))), find(elbo(split).sum())
    for name, ours, theirs in zip(parameters, sampled, exact, strict=True):
        scale = theirs.abs().max().item()
        assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4 * scale + 1e-7, err_msg=name)


def test_nvil_as_sampled_has_the_exact_gradient_on_average() -> None:
    parts = leaves(1, 1, 2)
    many = assemble([part.expand(40_000, -1) for part in parts])
    nvil = Nvil(3).eval()
    features = torch.randn(1, 2, 3, generator=seeded()).expand(40_000, -1, -1)
    climbed = nvil(many, features, LossWeights(), seeded(1)).mean()
    exact = gradient(elbo(assemble(parts)).sum(), parts)
    for ours, theirs in zip(gradient(climbed, parts), exact, strict=True):
        assert_allclose(ours, theirs, atol=0.05)


def test_the_baseline_of_nvil_learns_to_foretell_the_signal() -> None:
    split = Terms(*(part.detach().float() for part in assemble([part.expand(32, -1) for part in leaves(2, 1, 2)])))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        nvil = Nvil(3)
    features = torch.randn(1, 2, 3, generator=seeded()).expand(32, -1, -1)

    def error() -> float:
        squares = []
        for n in range(3):
            signal, taken = learning_signal(split, torch.full((32,), n), 1.0)
            missed = torch.where(taken, signal - nvil.baseline(features).squeeze(-1), 0.0).square().sum(-1)
            squares.append(split.log_stop_q[:, n].exp() * missed)
        return sum(squares, torch.zeros(32)).mean().item()

    before, optimiser = error(), torch.optim.Adam(nvil.parameters(), 0.05)
    generator = seeded()
    for _ in range(80):
        optimiser.zero_grad()
        (-nvil(split, features, LossWeights(), generator)).mean().backward()
        optimiser.step()
    assert error() < 0.7 * before


def test_nvil_tracks_its_signal_while_training_only() -> None:
    split, features = assemble(leaves(3, 8, 2)), torch.zeros(8, 2, 3)
    nvil = Nvil(3)
    nvil.eval()
    nvil(split, features, LossWeights(), seeded())
    assert nvil.state_dict()["variance"].item() == 0
    nvil.train()
    nvil(split, features, LossWeights(), seeded())
    first = nvil.state_dict()["variance"].item()
    assert first > 0
    nvil(split._replace(log_likelihood=10 * split.log_likelihood), features, LossWeights(), seeded())
    assert nvil.state_dict()["variance"].item() > first
    assert set(nvil.state_dict()) >= {"centre", "variance"}, "a resumed run must go on with them"


def test_nvil_scales_its_signal_by_running_moments_of_the_decisions_that_were_taken() -> None:
    nvil, taken = Nvil(3), torch.tensor([[True, False], [True, True]])
    first, second = torch.tensor([[2.0, 99.0], [4.0, 12.0]]), torch.tensor([[-3.0, 99.0], [5.0, 1.0]])
    nvil._normalised(first, taken)
    scaled = nvil._normalised(second, taken)
    centre = nvil.DECAY * first[taken].mean() + (1 - nvil.DECAY) * second[taken].mean()
    variance = nvil.DECAY * first[taken].var(correction=0) + (1 - nvil.DECAY) * second[taken].var(correction=0)
    assert nvil.state_dict()["centre"].item() == pytest.approx(centre.item())
    assert nvil.state_dict()["variance"].item() == pytest.approx(variance.item())
    assert_allclose(scaled, torch.where(taken, (second - centre) / variance.sqrt(), 0.0), rtol=1e-5)


@given(seed=seeds, stop=st.integers(0, 2))
def test_a_sample_has_no_part_in_decisions_that_were_not_taken(seed: int, stop: int) -> None:
    split = assemble(leaves(seed, 2, 4))
    stops, weights = torch.full((2,), stop), LossWeights()
    signal, taken = learning_signal(split, stops, weights.beta)
    other = torch.where(taken, signal, signal + 7)
    assert not taken.all()
    one, two = (sampled_objective(split, stops, weights, each).detach() for each in (signal, other))
    assert_allclose(one, two)


def test_certain_stops_leave_nothing_infinite() -> None:
    """Logits far out, as after long training."""
    likelihood, ratio, prior, posterior = leaves(0, 2, 3)
    extreme = torch.tensor([[60.0, -60.0, 60.0], [-90.0, 90.0, 90.0]], dtype=torch.float64)
    parts = [likelihood, ratio, prior, (posterior.detach() * 0 + extreme).requires_grad_()]
    split = assemble(parts)
    for objective in (Exact(3), Nvil(3)):
        value = objective(split, torch.zeros(2, 3, 3), LossWeights(), seeded())
        assert value.isfinite().all()
        assert all(grad.isfinite().all() for grad in torch.autograd.grad(value.sum(), parts, retain_graph=True))


def test_the_weights_change_the_gradients_that_they_name() -> None:
    likelihood, ratio, prior, posterior = leaves(4, 2, 3)
    split = assemble([likelihood, ratio, prior, posterior])
    q = split.log_stop_q.detach().exp()

    def found(weights: LossWeights, part: Tensor) -> Tensor:
        return gradient(Exact(1)(split, torch.zeros(2, 3, 1), weights).sum(), [part])[0]

    assert_allclose(found(LossWeights(), likelihood), q)
    assert_allclose(found(LossWeights(ratio=0.0), ratio), 0)
    assert_allclose(found(LossWeights(ratio=0.3), ratio), 0.3 * found(LossWeights(), ratio))
    first = torch.tensor([[0.0, 1.0, 0.0, 0.0]]).double().expand(2, 4)
    assert_allclose(found(LossWeights(spread=1.0), likelihood), first)
    even = torch.tensor([[0.0, 1.0, 1.0, 1.0]]).double() / 3
    assert_allclose(found(LossWeights(spread=0.5), likelihood), 0.5 * q + 0.5 * even)
    assert_allclose(found(LossWeights(beta=5.0), likelihood), q)


def test_beta_asks_more_of_each_further_stroke() -> None:
    """A stroke that earns twice its cost is worth drawing at beta 1, not at beta 4."""
    likelihood = torch.tensor([[0.0, 2.0]])
    ratio, logits = torch.tensor([[0.0, 1.0]]), torch.zeros(1, 1)

    def pull(beta: float) -> float:
        posterior = torch.zeros(1, 1, requires_grad=True)
        split = Terms(likelihood, ratio, stop_time(logits).logits, stop_time(posterior).logits)
        return gradient(Exact(1)(split, torch.zeros(1, 1, 1), LossWeights(beta=beta)).sum(), [posterior])[0].item()

    assert pull(1.0) > 0 > pull(4.0)


def test_terms_are_those_of_each_number_of_strokes() -> None:
    model, images = tiny_model(), scribbles(3)
    trace = model(images, model.noise(len(images), generator=seeded()))
    split = terms(model, trace, images)
    for n in range(3):
        likelihood = model.likelihood(trace.canvases[:, n]).log_prob(images)
        ratio = (trace.log_q - trace.log_p)[:, :n].sum(-1)
        assert_allclose(split.log_likelihood[:, n].detach(), likelihood.detach(), rtol=1e-5)
        assert_allclose(split.log_ratio[:, n].detach(), ratio.detach(), rtol=1e-5)
    assert_allclose(split.log_stop_p.exp().sum(-1).detach(), 1, rtol=1e-5)
    assert_allclose(split.log_stop_q.exp().sum(-1).detach(), 1, rtol=1e-5)


def test_objectives_are_named() -> None:
    assert {"exact": Exact, "nvil": Nvil} == OBJECTIVES


class Toy:
    """x is the sum of n standard Gaussians, seen with noise; n is 0, 1 or 2. The posterior is deliberately wrong."""

    x, noise = 1.3, 0.5
    stop_p, stop_q = stop_time(torch.tensor([0.5, -0.2])).logits, stop_time(torch.tensor([1.0, 0.3])).logits
    posterior = Normal(torch.tensor([0.6, 0.2]), torch.tensor([0.9, 1.1]))

    @classmethod
    def log_p(cls) -> float:
        parts = [Normal(0.0, math.sqrt(n + cls.noise**2)).log_prob(torch.tensor(cls.x)) for n in range(3)]
        return (torch.stack(parts) + cls.stop_p).logsumexp(0).item()

    @classmethod
    def terms(cls, samples: int, seed: int) -> Terms:
        z = cls.posterior.mean + cls.posterior.stddev * torch.randn(samples, 2, generator=seeded(seed))
        ratio = (cls.posterior.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).cumsum(-1)
        zero = torch.zeros(samples, 1)
        canvas = torch.cat([zero, z.cumsum(-1)], -1)
        likelihood = Normal(canvas, cls.noise).log_prob(torch.tensor(cls.x))
        stop_p, stop_q = (part.expand(samples, 3) for part in (cls.stop_p, cls.stop_q))
        return Terms(likelihood, torch.cat([zero, ratio], -1), stop_p, stop_q)


def test_the_importance_weights_are_unbiased_for_the_likelihood() -> None:
    weights = importance_weights(Toy.terms(100_000, 0)).exp()
    assert weights.mean().item() == pytest.approx(math.exp(Toy.log_p()), rel=0.01)


def test_the_importance_weighted_bound_rises_with_k_to_the_likelihood() -> None:
    weights = importance_weights(Toy.terms(2**17, 1))
    counts = (1, 4, 16, 256)
    bounds = [(weights.view(-1, k).logsumexp(-1) - math.log(k)).mean().item() for k in counts]
    assert elbo(Toy.terms(2**17, 1)).mean().item() < bounds[0]
    assert bounds == sorted(bounds)
    assert bounds[0] < Toy.log_p() - 0.05
    assert bounds[-1] == pytest.approx(Toy.log_p(), abs=0.01)
