"""A model at work by onnxruntime: graphs without weights that are in the package, and the weights of any model file."""

import dataclasses
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from dood.checkpoints.finding import config_from_json, find
from dood.checkpoints.headers import read_header
from dood.checkpoints.weights import read_weights, with_prior
from dood.core.streams import Stream
from dood.engines.engine import AT_ONCE, Array, Curves, Found, Latents, joined
from dood.models.config import ModelConfig
from dood.models.priors.candidates import CANDIDATES, taken
from dood.models.priors.entries import chances_given, drawn_from

__all__ = ["LISTING", "STARTS", "Runtime", "config_of"]

LISTING = "graphs.json"
"""The file beside the graphs: the configuration that they are for, and the names and shapes of their weights."""
STARTS = ("prior.begin", "prior.first", "prior.codebook.share")
"""Weights that sampling begins with, which are in no graph."""
FREE = {"strokes": 0, "likelihood": "", "likelihood_range": (), "code": 0, "critic": False}
"""Fields of a configuration that no graph depends on."""


def config_of(model: str | Path) -> ModelConfig:
    """Return the configuration of a model, named as for `dood.load`.

    Raises:
        DoodError: there is no such model, or the file is not one.
    """
    config = config_from_json(read_header(find(model))["config"])
    return with_prior(model, config, {})[0]


class Runtime:
    """An `Engine` of graphs, for models of the configuration that the shipped ones have (`Runtime.fits`).

    One thread: graphs this small gain nothing by more, and sums do not depend on how many cores there are.
    """

    def __init__(self, model: str | Path) -> None:
        self.config = config_of(model)
        absent = {"prior": not self.config.expost, "critic": not self.config.critic}
        names = [name for name in _listing()["weights"] if not absent.get(name)]
        shapes = {weight: shape for name in names for weight, shape in _listing()["weights"][name].items()}
        self._weights = read_weights(model, shapes)
        self._sessions: dict[str, onnxruntime.InferenceSession] = {}

    @staticmethod
    def fits(config: ModelConfig) -> bool:
        """Whether the graphs are for models of a configuration."""
        ours, theirs = (
            {**fields, **FREE, "expost": True} for fields in (dataclasses.asdict(config), _listing()["config"])
        )
        return json.dumps(ours) == json.dumps(theirs)

    @property
    def widths(self) -> tuple[int, int]:
        sizes = {each.name: each.shape[-1] for each in self._session("draw").get_inputs()}
        return sizes["layout"], sizes["stroke"]

    @property
    def controls(self) -> int:
        return 2 * self.config.points

    def infer(self, images: Array, strokes: int, *, noise: Array | None = None, given: Latents | None = None) -> Found:
        batch = len(images)
        zeros = {
            each.name: np.zeros((batch, *each.shape[1:]), np.float32) for each in self._session("step").get_inputs()
        }
        state = zeros | {"images": images}
        if given is not None:
            state = self._given(state, given)
        canvases, on, steps = [self.composite(state["ink"])], [], []
        for t in range(strokes):
            state["noise"] = zeros["noise"] if noise is None else noise[:, t]
            logit, state = self._step(state)
            on.append(logit)
            steps.append((state["layout"], state["stroke"]))
            canvases.append(self.composite(state["ink"]))
        layout, stroke = (np.stack(parts, 1) for parts in zip(*steps, strict=True))
        return Found(Latents(layout, stroke, most_probable(np.stack(on, 1))), np.stack(canvases, 1))

    def _step(self, state: dict[str, Array]) -> tuple[Array, dict[str, Array]]:
        on, layout, stroke, layout_state, stroke_state, ink = self._run("step", state)
        after = {"layout": layout, "stroke": stroke, "layout_state": layout_state, "stroke_state": stroke_state}
        return on, state | after | {"ink": state["ink"] + ink}

    def _given(self, state: dict[str, Array], given: Latents) -> dict[str, Array]:
        """The state after the strokes that count: what a step infers gives way to what is given, while there is any."""
        ink, counted = self.ink(given), given.mask
        for t in range(given.layout.shape[1]):
            after = self._step(state)[1] | {"layout": given.layout[:, t], "stroke": given.stroke[:, t]}
            after["ink"] = state["ink"] + ink[:, t]
            more = counted[:, t]
            state |= {
                name: np.where(more.reshape(-1, *[1] * (value.ndim - 1)), after[name], value)
                for name, value in state.items()
            }
        return state

    def ink(self, latents: Latents) -> Array:
        return self._run("draw", latents._asdict())[2]

    def composite(self, ink: Array) -> Array:
        return np.tanh(ink)

    def curves(self, latents: Latents) -> Curves:
        points, radius, _ = self._run("draw", latents._asdict())
        return Curves(points, radius, latents.mask)

    def sample(self, count: int, strokes: int, *, temperature: float, seed: int) -> Latents:
        stream, share = Stream(seed), self._weights["prior.codebook.share"]
        batches = (min(AT_ONCE, count - done) for done in range(0, count, AT_ONCE))
        return joined([self._chosen(share, batch, strokes, temperature, stream) for batch in batches])

    def propose(self, part: Array, count: int, strokes: int, *, temperature: float, seed: int) -> Iterator[Latents]:
        stream, weights = Stream(seed), self._weights
        chances = chances_given(part, weights["prior.codebook.centres"], weights["prior.codebook.share"])
        while True:
            entries = drawn_from(chances, stream.uniform([count]))
            yield self._sampled(entries, strokes, temperature, stream)

    def follow(self, given: Latents, count: int, strokes: int, *, temperature: float, seed: int) -> Latents | None:
        return None

    def _chosen(
        self, share: NDArray[np.floating], batch: int, strokes: int, temperature: float, stream: Stream
    ) -> Latents:
        """As `dood.models.priors.expost.ExPostPrior.sample`.

        Arguments:
            share: of the codebook's entries.
        """
        entries = drawn_from(share, stream.uniform([batch]))
        if not self.config.critic:
            return self._sampled(entries, strokes, temperature, stream)
        tried = self._sampled(entries.repeat(CANDIDATES), strokes, temperature, stream)
        parts = np.array_split(np.arange(len(tried.strokes)), CANDIDATES)
        ratios = [self._run("critic", {"canvases": self._canvas(tried.rows(part))})[0] for part in parts]
        return tried.rows(taken(np.concatenate(ratios), stream.uniform([batch])))

    def _canvas(self, latents: Latents) -> Array:
        ink = self.ink(latents) * latents.mask[..., None, None]
        return self.composite(ink.sum(1)).clip(max=1)

    def _sampled(self, entries: NDArray[np.int64], strokes: int, temperature: float, stream: Stream) -> Latents:
        """Candidates, one of each of the codebook's entries."""
        width, weights, batch = sum(self.widths), self._weights, len(entries)
        shapes = {each.name: each.shape for each in self._session("prior").get_inputs()}
        layers, _, hidden = shapes["state"]
        # The stroke before the first one, and no earlier ones.
        previous = np.zeros((batch, shapes["previous"][1]), np.float32)
        previous[:, : len(weights["prior.first"])] = weights["prior.first"]
        given: dict[str, Any] = {
            "entries": entries,
            "previous": previous,
            "state": np.zeros((layers, batch, hidden), np.float32),
        }
        active, count, steps = np.ones(batch, bool), np.zeros(batch, np.int64), []
        for t in range(strokes):
            chance = stream.uniform([batch])
            given["pick"] = stream.uniform([batch, width])
            given["noise"] = np.float32(temperature) * stream.normal([batch, width])
            on, layout, stroke, given["previous"], given["state"] = self._run("prior", given)
            active &= chance < 1 / (1 + np.exp(-(on if t else weights["prior.begin"])))
            count += active
            steps.append((layout, stroke))
        layout, stroke = (np.stack(parts, 1) for parts in zip(*steps, strict=True))
        return Latents(layout, stroke, count)

    def _run(self, name: str, given: dict[str, Any]) -> list[NDArray]:
        session = self._session(name)
        found = session.run(None, {each.name: given[each.name] for each in session.get_inputs()})
        return [np.asarray(each) for each in found]

    def _session(self, name: str) -> onnxruntime.InferenceSession:
        if name not in self._sessions:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.log_severity_level = 3
            weights = [weight for weight in _listing()["weights"][name] if weight not in STARTS]
            values = [onnxruntime.OrtValue.ortvalue_from_numpy(self._weights[weight]) for weight in weights]
            options.add_external_initializers(weights, values)
            graph = (_folder() / f"{name}.onnx").read_bytes()
            self._sessions[name] = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        return self._sessions[name]


def most_probable(on: Array) -> NDArray[np.int64]:
    """Return the most probable number of strokes, from the logits [b, t] of going on (eq. 4)."""
    reached = np.pad(-np.logaddexp(0, -on), ((0, 0), (1, 0))).cumsum(1)
    return (reached + np.pad(-np.logaddexp(0, on), ((0, 0), (0, 1)))).argmax(1)


def _folder() -> Any:
    return resources.files("dood") / "weights" / "graphs"


@cache
def _listing() -> dict[str, Any]:
    return json.loads((_folder() / LISTING).read_text(encoding="utf-8"))
