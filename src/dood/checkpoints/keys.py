"""Names of weights: those of files that were written before the modules had their present names."""

from collections.abc import Mapping
from typing import TypeVar

__all__ = ["current_keys", "joint_prior_keys"]

T = TypeVar("T")

MOVED = {"prior.canvas_encoder.": "memory.canvas_encoder."}
"""Prefixes in older files, and what they are now."""

MOVED_EXPOST = {
    "prior.": "prior.joint.",
    "expost.gist.": "prior.codebook.",
    "expost.chain.": "prior.made.",
    "expost.": "prior.",
}
"""The same, in older files with an ex-post prior, which then lay beside the one learned with the model."""

JOINT = "prior.joint."


def current_keys(tensors: Mapping[str, T]) -> dict[str, T]:
    """Return weights under the names of the present modules, whatever version of dood wrote them."""
    moved = MOVED | (MOVED_EXPOST if any(name.startswith("expost.") for name in tensors) else {})
    return {_moved(name, moved): tensor for name, tensor in tensors.items()}


def joint_prior_keys(tensors: Mapping[str, T]) -> dict[str, T]:
    """Return the weights of a model with the prior that was learned with it, without one learned afterwards."""
    if not any(name.startswith(JOINT) for name in tensors):
        return dict(tensors)
    kept = {name: tensor for name, tensor in tensors.items() if name.startswith(JOINT) or not name.startswith("prior.")}
    return {_moved(name, {JOINT: "prior."}): tensor for name, tensor in kept.items()}


def _moved(name: str, prefixes: Mapping[str, str]) -> str:
    for old, new in prefixes.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name
