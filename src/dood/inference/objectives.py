"""Objectives (paper 2.3): the evidence lower bound with the stop time summed out or sampled, and tighter bounds."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.distributions import Categorical

from dood.core.networks import mlp
from dood.models.dood import DooD, Trace

__all__ = ["OBJECTIVES", "Exact", "LossWeights", "Nvil", "Terms", "elbo", "importance_weights", "terms", "terms_of"]


class Terms(NamedTuple):
    """The terms of eq. 9 for every number n = 0..t of strokes, [b, t + 1] each, in nats.

    Attributes:
        log_likelihood: log p(x | canvas after n strokes).
        log_ratio: sum over the first n strokes of log q - log p of layout, points and pen.
        log_stop_p, log_stop_q: log probability of stopping after n strokes.
    """

    log_likelihood: Tensor
    log_ratio: Tensor
    log_stop_p: Tensor
    log_stop_q: Tensor


class LossWeights(NamedTuple):
    """How training departs from the bound; with the defaults it does not.

    Attributes:
        beta: weight of every divergence against the likelihood where the stop time is decided, and only there: a
            further stroke must gain beta times the nats that it costs. Above 1 drawings have fewer, more telling
            strokes.
        ratio: weight of the layout and stroke terms, below 1 while the model warms up.
        spread: share m of the likelihood's weight q(n) that is spread over other n >= 1, since early in training the
            model would rather draw nothing. At m = 1 it is all on n = 1, down to m = 1/2 it comes to reach all n:
            strokes are learned one after another, each as telling as can be.
    """

    beta: float = 1.0
    ratio: float = 1.0
    spread: float = 0.0


def terms(model: DooD, trace: Trace, images: Float[Tensor, "b h w"]) -> Terms:
    """Return the terms of the bound of a trace."""
    likelihood = model.likelihood(trace.canvases).log_prob(images.unsqueeze(1))
    return terms_of(likelihood, trace.log_q - trace.log_p, trace.stop_p, trace.stop_q)


def terms_of(
    log_likelihood: Float[Tensor, "b n"], log_ratio: Float[Tensor, "b t"], stop_p: Categorical, stop_q: Categorical
) -> Terms:
    """Return the terms of the bound, from log q - log p of each stroke."""
    ratio = log_ratio.cumsum(-1)
    return Terms(log_likelihood, torch.cat([torch.zeros_like(ratio[:, :1]), ratio], -1), stop_p.logits, stop_q.logits)


def elbo(t: Terms) -> Float[Tensor, " b"]:
    """Return the evidence lower bound in nats per image, sum_n q(n) (log p(x, z, n) - log q(z, n)) (eq. 9)."""
    return (t.log_stop_q.exp() * (t.log_likelihood - t.log_ratio + t.log_stop_p - t.log_stop_q)).sum(-1)


def importance_weights(t: Terms) -> Float[Tensor, " b"]:
    """Return the log importance weight of one posterior sample, with the number of strokes summed out.

    `sum_n p(x, z_<=n, n) / q(z_<=n | x)` is unbiased for p(x), so the log of the mean of K of them is a lower bound on
    log p(x) that tightens as K grows (Burda et al., 2016).
    """
    return torch.logsumexp(t.log_likelihood + t.log_stop_p - t.log_ratio, -1)


class Exact(nn.Module):
    """The objective with the stop time summed out, which has no variance from sampled decisions."""

    def __init__(self, features: int) -> None:
        super().__init__()

    def forward(
        self, t: Terms, features: Float[Tensor, "b t f"], weights: LossWeights, generator: torch.Generator | None = None
    ) -> Float[Tensor, " b"]:
        """Return a number per image whose gradient is that of `elbo` when the weights are the defaults.

        The stop features and the generator are ignored.
        """
        q = t.log_stop_q.exp()
        worth = t.log_likelihood.detach() / weights.beta - t.log_ratio.detach()
        stopping = q * (worth + t.log_stop_p - t.log_stop_q)
        return (_drawing(t, q.detach(), weights) + stopping).sum(-1)


class Nvil(nn.Module):
    """The objective with a sampled stop time: REINFORCE with a learned baseline, centred and scaled (NVIL).

    Mnih and Gregor, 2014.

    Arguments:
        features: length of the stop features, which the baseline reads.
    """

    DECAY = 0.8
    centre: Tensor
    variance: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        self.baseline = mlp(features, features, 1)
        self.register_buffer("centre", torch.zeros(()))
        self.register_buffer("variance", torch.zeros(()))

    def forward(
        self, t: Terms, features: Float[Tensor, "b t f"], weights: LossWeights, generator: torch.Generator | None = None
    ) -> Float[Tensor, " b"]:
        """Return a number per image; its expected gradient is that of `Exact`, but for the decisions' learning rate."""
        stop = sampled_stop(t.log_stop_q.detach(), generator)
        baseline = self.baseline(features.detach()).squeeze(-1)
        signal, taken = learning_signal(t, stop, weights.beta)
        error = torch.where(taken, signal - baseline, 0.0)
        climb = sampled_objective(t, stop, weights, self._normalised(error.detach(), taken))
        return climb - error.square().sum(-1)

    @torch.no_grad()
    def _normalised(self, signal: Float[Tensor, "b t"], taken: Tensor) -> Float[Tensor, "b t"]:
        """Return the signal minus its running mean, divided by its running deviation where that exceeds 1."""
        if self.training:
            first = self.variance == 0
            for running, now in ((self.centre, signal[taken].mean()), (self.variance, signal[taken].var(correction=0))):
                running.copy_(torch.where(first, now, self.DECAY * running + (1 - self.DECAY) * now))
        return torch.where(taken, (signal - self.centre) / self.variance.sqrt().clamp(min=1), 0.0)


OBJECTIVES = {"exact": Exact, "nvil": Nvil}


def sampled_stop(log_stop: Float[Tensor, "b n"], generator: torch.Generator | None) -> Int[Tensor, " b"]:
    """Sample a number of strokes for each image. The random numbers come from the CPU, where the generator is."""
    chance = torch.rand(len(log_stop), 1, generator=generator).to(log_stop.device)
    return (log_stop.exp().cumsum(-1)[:, :-1] < chance).sum(-1)


def sampled_objective(
    t: Terms, stop: Int[Tensor, " b"], weights: LossWeights, signal: Float[Tensor, "b t"]
) -> Float[Tensor, " b"]:
    """Return the bound at the sampled number of strokes, plus `signal` times the log probability of each decision."""
    chosen = nn.functional.one_hot(stop, t.log_stop_q.shape[-1]).to(signal.dtype)
    path = _drawing(t, chosen, weights) + chosen * t.log_stop_p
    return path.sum(-1) + (signal * _decisions(t.log_stop_q, stop)[0]).sum(-1)


def learning_signal(t: Terms, stop: Int[Tensor, " b"], beta: float) -> tuple[Float[Tensor, "b t"], Tensor]:
    """Return the reward after each decision: the likelihood over beta, minus the divergences from that step on.

    Returns:
        The detached signal [b, t], and which of the t decisions were taken: all up to the first stop.
    """
    t = Terms(*(part.detach() for part in t))
    log_q, taken = _decisions(t.log_stop_q, stop)
    log_p, _ = _decisions(t.log_stop_p, stop)
    drawn = torch.arange(log_q.shape[-1], device=stop.device) < stop.unsqueeze(-1)
    cost = torch.where(drawn, t.log_ratio.diff(dim=-1), 0.0) + log_q - log_p
    to_come = cost.flip(-1).cumsum(-1).flip(-1)
    return t.log_likelihood.gather(-1, stop.unsqueeze(-1)) / beta - to_come, taken


def _drawing(t: Terms, chosen: Float[Tensor, "b n"], weights: LossWeights) -> Float[Tensor, "b n"]:
    """Return the likelihood and stroke terms, weighted by the probability (or the sample) of each number of strokes."""
    early = torch.zeros_like(chosen[0])
    reach = 1 + round(2 * (1 - weights.spread) * (len(early) - 2))
    early[1 : 1 + reach] = 1 / min(reach, len(early) - 1)
    likelihood = (1 - weights.spread) * chosen + weights.spread * early
    return likelihood * t.log_likelihood - weights.ratio * chosen * t.log_ratio


def _decisions(log_stop: Float[Tensor, "b n"], stop: Int[Tensor, " b"]) -> tuple[Float[Tensor, "b t"], Tensor]:
    """Return the log probability of each decision up to a stop after `stop` strokes, else 0; and which were made."""
    reached = log_stop.flip(-1).logcumsumexp(-1).flip(-1)
    go, halt = reached.diff(dim=-1), (log_stop - reached)[:, :-1]
    step = torch.arange(go.shape[-1], device=stop.device)
    on, taken = step < stop.unsqueeze(-1), step <= stop.unsqueeze(-1)
    return torch.where(on, go, torch.where(taken, halt, 0.0)), taken
