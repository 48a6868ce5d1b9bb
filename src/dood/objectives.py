"""Objectives (paper 2.3): the evidence lower bound with the stop time summed out, NVIL, and the importance-weighted bound."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dood.models.dood import Trace
from dood.models.generative import Generative

__all__ = ["Terms", "elbo", "importance_weights", "surrogate", "terms"]


class Terms(NamedTuple):
    """The parts of eq. 9 for every number n = 0..t of strokes, [b, t + 1] each.

    Attributes:
        log_likelihood: log p(x | canvas after n strokes).
        log_ratio: sum over the first n strokes of log q - log p of layout, points and pen.
        log_stop_p, log_stop_q: log probability of stopping after n strokes.
    """

    log_likelihood: Tensor
    log_ratio: Tensor
    log_stop_p: Tensor
    log_stop_q: Tensor


def terms(generative: Generative, trace: Trace, images: Float[Tensor, "b h w"]) -> Terms:
    """Split the bound of a trace into its parts."""
    ratio = (trace.log_q - trace.log_p).cumsum(-1)
    return Terms(
        generative.likelihood(trace.canvases).log_prob(images.unsqueeze(1)),
        torch.cat([torch.zeros_like(ratio[:, :1]), ratio], -1),
        trace.stop_p.logits,
        trace.stop_q.logits,
    )


def elbo(t: Terms) -> Float[Tensor, " b"]:
    """Evidence lower bound in nats per image, exact over the stop time (eq. 9)."""
    return (t.log_stop_q.exp() * (t.log_likelihood - t.log_ratio + t.log_stop_p - t.log_stop_q)).sum(-1)


def surrogate(t: Terms, *, beta: float = 1.0, ratio_weight: float = 1.0, spread: float = 0.0) -> Float[Tensor, " b"]:
    """What training climbs: the bound, with the weights that help learning. With the defaults its gradient is the bound's.

    Arguments:
        beta: weight of every divergence against the likelihood where the stop time is decided, and only there (paper 2.3):
            a further stroke must earn beta times the nats that it costs. Above 1 drawings have fewer, more telling strokes.
        ratio_weight: weight of the layout and stroke terms, below 1 while the model warms up.
        spread: share m of the likelihood's weight q(n) that is spread evenly over n >= 1: early in training the model would
            otherwise rather draw nothing.
    """
    q = t.log_stop_q.exp()
    fixed = q.detach()
    early = torch.zeros_like(fixed[0])
    reach = 1 + round(2 * (1 - spread) * (len(early) - 2))
    early[1 : 1 + reach] = 1 / min(reach, len(early) - 1)
    weight = (1 - spread) * fixed + spread * early
    strokes = weight * t.log_likelihood - ratio_weight * fixed * t.log_ratio
    worth = t.log_likelihood.detach() / beta - t.log_ratio.detach()
    stopping = q * (worth + t.log_stop_p - t.log_stop_q)
    return (strokes + stopping).sum(-1)


def importance_weights(t: Terms) -> Float[Tensor, " b"]:
    """Log importance weight of one posterior sample with the number of strokes summed out.

    `sum_n p(x, z_<=n, n) / q(z_<=n | x)` is unbiased for p(x), so the log of the mean of K of them is a lower bound on log p(x)
    that tightens as K grows (Burda et al., 2016).
    """
    return torch.logsumexp(t.log_likelihood + t.log_stop_p - t.log_ratio, -1)
