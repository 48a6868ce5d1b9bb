"""Look inside: how a model came to the strokes of a picture, step by step."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dood.checkpoints import checkpoint
from dood.core.noise import picture_sources
from dood.inference.steps import Steps, steps
from dood.models.dood import DooD
from dood.pictures import Placement, normalise, picture_of
from dood.tasks.canvas import check_whole

__all__ = ["Inside", "look_inside"]

Array = NDArray[np.float32]

MOST_STROKES, MOST_SAMPLES = 100, 1000


@dataclass(frozen=True)
class Inside:
    """One inference in t steps, each a stroke at the mean of the posterior, on a canvas of h x h pixels.

    Step i of 0..t-1 starts from `canvases[i]`, decides whether to go on, looks at `glimpses[i]` through the frame
    `frames[i]`, guesses `drafts[i]`, and leaves `canvases[i + 1]`. The steps go on whether the model would have stopped
    or not; `strokes` says where it most probably does. Densities are of the unsquashed latents, in nats.

    Attributes:
        image: [h, h], the picture on the model's canvas, ink in [0, 1].
        canvases: [t + 1, h, h], after the first 0, 1, ... t strokes.
        frames: [t, 4], scale, x, y (half canvases from the middle, y down) and angle (radians) of each layout.
        glimpses: [t, c, g, g], the image under the frame and, of a model with execution guidance, the residual.
        drafts: [t, 1 + corrections, g, g], the stroke in the glimpse: as first guessed, and after each correction.
        ink: [t, h, h], each stroke alone.
        samples: [t, k, h, h], each step's stroke alone, sampled k times from the posterior given those before it.
        go_on: [t], probability q(o_i = 1 | x, strokes before) of drawing the stroke.
        log_q, log_p: [t], log density of layout and stroke, of the posterior and of the prior.
        log_likelihood: [t + 1], log p(x | canvas).
        log_stop_q, log_stop_p: [t + 1], log probability of 0, 1, ... t strokes, of the posterior and of the prior.
        strokes: their number that is most probable of the posterior.
        placement: where the canvas lies in the picture.
        size: width and height of the picture in pixels.
    """

    image: Array
    canvases: Array
    frames: Array
    glimpses: Array
    drafts: Array
    ink: Array
    samples: Array
    go_on: Array
    log_q: Array
    log_p: Array
    log_likelihood: Array
    log_stop_q: Array
    log_stop_p: Array
    strokes: int
    placement: Placement
    size: tuple[int, int]

    @property
    def residuals(self) -> Array:
        """[t, h, h], what each step finds undrawn: the image less the canvas; below 0 where too much is drawn."""
        return self.image - self.canvases[:-1]

    def __repr__(self) -> str:
        side, count = self.image.shape[0], len(self.log_q)
        return f"<Inside: {count} steps on {side} x {side} pixels, most probably {self.strokes} strokes>"


def look_inside(
    picture: Any,
    model: str | Path | DooD = "all",
    *,
    strokes: int | None = None,
    samples: int = 8,
    seed: int = 0,
    polarity: str = "auto",
    frame: str = "auto",
) -> Inside:
    """Infer the strokes of a picture in one pass, as the recognition model does (paper 2.2), and keep every step.

    Nothing is refined, pruned or searched for afterwards, as `dood.draw` does.

    Arguments:
        picture: as for `dood.draw`.
        model: a model, or what `dood.load` takes; one without strokes (AIR) too.
        strokes: how many steps; as many as a drawing had in training by default.
        samples: k, posterior samples of each step.
        seed: of the samples, which are a function of it and of the picture.
        polarity: dark (ink on light), light, or auto.
        frame: as for `dood.pictures.normalise`.

    Raises:
        DoodError: the picture cannot be read or holds no drawing, there is no such model, or a number is out of range.
    """
    check_whole("samples", samples, 1, MOST_SAMPLES)
    check_whole("seed", seed, 0, 2**32 - 1)
    if strokes is not None:
        check_whole("strokes", strokes, 1, MOST_STROKES)
    loaded = picture_of(picture, polarity)
    network = model if isinstance(model, DooD) else checkpoint.load(model)
    raster, placement = normalise(loaded, network.config.resolution, frame=frame)
    images = torch.from_numpy(raster).unsqueeze(0)
    found = steps(network, images, strokes=strokes, samples=samples, generator=picture_sources(images, seed))
    return _inside(network, raster, found, placement, (loaded.width, loaded.height))


@torch.no_grad()
def _inside(model: DooD, raster: Array, found: Steps, placement: Placement, size: tuple[int, int]) -> Inside:
    """The steps of the only image, as arrays."""
    trace, side = found.trace, len(raster)
    frames = model.layout_range.frame(trace.latents.layout[0])
    ink, samples = (model.composite(model.render(each, side, side)[0]) for each in (trace.latents, found.samples))
    return Inside(
        image=raster,
        canvases=trace.canvases[0].numpy(),
        frames=torch.cat([frames.scale[:, None], frames.shift, frames.angle[:, None]], -1).numpy(),
        glimpses=found.glimpses[0].numpy(),
        drafts=found.drafts[0].numpy(),
        ink=ink.numpy(),
        samples=samples.numpy(),
        go_on=found.go_on[0].numpy(),
        log_q=trace.log_q[0].numpy(),
        log_p=trace.log_p[0].numpy(),
        log_likelihood=found.log_likelihood[0].numpy(),
        log_stop_q=trace.stop_q.logits[0].numpy(),
        log_stop_p=trace.stop_p.logits[0].numpy(),
        strokes=int(trace.stop_q.logits[0].argmax()),
        placement=placement,
        size=size,
    )
