"""The network that says where the pen goes next, in numpy; `training/pen_network.py` the same as it is learned."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from dood.checksums import SHA256, check_digest
from dood.errors import DoodError
from dood.tracing.moves import Rivals, relations
from dood.tracing.pieces import Pieces, measure

__all__ = ["View", "Walker", "load_walker"]

Array = NDArray[np.float32]
LAYERS = ("own.0", "own.2", "whole.0", "whole.2", "left.0", "left.2", "drawn.0", "drawn.2", "last.0", "last.2")
SCORE = ("score.1", "score.3")


class Walker:
    """Weights by name, as `WalkNetwork` has them: `own.0.weight` [out, in], `own.0.bias` [out], and so on.

    Raises:
        DoodError: they are not those of a walking network.
    """

    def __init__(self, weights: Mapping[str, NDArray]) -> None:
        try:
            self.layers = {
                name: (weights[f"{name}.weight"].astype(np.float32).T, weights[f"{name}.bias"].astype(np.float32))
                for name in (*LAYERS, *SCORE)
            }
        except KeyError as error:
            raise DoodError(
                f"these are not the weights of a pen: {error} is missing; dood train-pen makes them"
            ) from None
        for name, (weight, bias) in self.layers.items():
            fits = weight.ndim == 2 and weight.shape[1:] == bias.shape
            if not fits or not (np.isfinite(weight).all() and np.isfinite(bias).all()):
                raise DoodError(
                    f"these are not the weights of a pen: {name} is not finite or has another shape;"
                    " dood train-pen makes them"
                )

    def layer(self, name: str, x: NDArray) -> Array:
        weight, bias = self.layers[name]
        return x @ weight + bias

    def two(self, name: str, x: NDArray) -> Array:
        return self.layer(f"{name}.2", np.maximum(self.layer(f"{name}.0", x), 0))


class View:
    """What the walker makes of one drawing, before any of it is drawn.

    Attributes:
        runs: measures of the runs.
        base: [r, h], evidence for each run when nothing is drawn.
        change: [r, r, h], what having drawn the second run for the first time adds to the evidence of the first.
        again: the same for another time.
        before: [r, r, h], the share of the run before in its layer.
    """

    def __init__(self, walker: Walker, pieces: Pieces) -> None:
        self.walker, self.runs = walker, measure(pieces)
        one, other = np.meshgrid(np.arange(self.runs.count), np.arange(self.runs.count), indexing="ij")
        pair = relations(self.runs, Rivals(self.runs), other, one).astype(np.float32)
        own = self.runs.own.astype(np.float32)
        whole = walker.layer("whole.2", np.tanh(walker.layer("whole.0", own)).mean(0))
        left = walker.two("left", pair)
        left = np.repeat((left[:, 0::2] + left[:, 1::2]) / 2, 2, axis=1) / 4
        self.again = walker.two("drawn", pair) / 4
        self.change = self.again - left
        self.base = walker.two("own", own) + whole + left[:, 0::2].sum(1)
        weight, bias = walker.layers["last.0"]
        self.before = pair @ weight[: pair.shape[-1]]
        self.of_state, self.bias = weight[pair.shape[-1] :], bias

    def scores(self, seen: Array, last: NDArray[np.intp], state: NDArray[np.float64]) -> Array:
        """Log odds [b, r, 2] up to a constant, lifted and down, of every run next.

        Arguments:
            seen: [b, r, h], the evidence: `base` and a change for each run drawn.
            last: [b], the run before, -1 for none.
            state: [b, r, s], see `progress`.
        """
        before = np.where((last >= 0)[:, None, None], self.before[:, last].transpose(1, 0, 2), np.float32(0))
        pen = np.maximum(before + state.astype(np.float32) @ self.of_state + self.bias, 0)
        hidden = np.maximum(seen + self.walker.layer("last.2", pen), 0)
        return self.walker.layer("score.3", np.maximum(self.walker.layer("score.1", hidden), 0))


def load_walker(path: str | Path | None = None) -> Walker:
    """The walker whose weights are in a safetensors file, or the bundled one.

    Raises:
        DoodError: the file cannot be read or is damaged, or holds something else.
    """
    return _bundled() if path is None else Walker(_read(path))


@lru_cache(maxsize=1)
def _bundled() -> Walker:
    with resources.as_file(resources.files("dood") / "weights" / "pen" / "walker.safetensors") as path:
        return Walker(_read(path))


def _read(path: str | Path) -> Mapping[str, NDArray]:
    try:
        with safe_open(str(path), framework="numpy") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 -- it is no dict
            noted = (file.metadata() or {}).get(SHA256)
    except Exception as error:
        raise DoodError(f"cannot read {path} as the weights of a pen: {error}; dood train-pen makes them") from error
    check_digest(Path(path), weights, noted)
    return weights
