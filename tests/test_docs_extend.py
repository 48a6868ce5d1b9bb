"""The page on parts of one's own, run as it stands, in a folder of its own."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dood.concepts.completion import completions
from dood.engines.network import Network, to_arrays
from dood.errors import DoodError
from dood.inference.bounds import importance_bound
from dood.inference.strokes import strokes_of
from dood.inference.variational import amortised, fit
from dood.models.latents import LatentStrokes
from dood.models.likelihood import Likelihood
from dood.tasks.draw import draw
from tests.tiny import seeded

PAGE = Path(__file__).parents[1] / "docs" / "extend.md"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page's code has defined, once it has been run."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 6
    names: dict[str, Any] = {"__name__": "extend"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("extend"))
        torch.manual_seed(0)
        exec(compile("\n".join(blocks), str(PAGE), "exec"), names)
        names["file"] = Path("run").resolve() / "model.safetensors"
    return names


def test_the_parts_are_in_the_model_and_come_back_from_its_file(names: dict[str, Any]) -> None:
    model, again = names["model"], names["again"]
    assert isinstance(again.prior, names["IndependentPrior"])
    assert isinstance(again.appearance, names["StraightLines"])
    assert isinstance(again.likelihood, names["OneScale"])
    assert isinstance(again.likelihood, Likelihood)
    assert all(torch.equal(value, again.state_dict()[name]) for name, value in model.state_dict().items())
    assert not torch.equal(again.prior.mean, torch.zeros_like(again.prior.mean)), "it was trained"


def test_without_its_code_the_file_is_refused(names: dict[str, Any]) -> None:
    with pytest.raises(DoodError, match="does not hold the weights that its configuration describes"):
        names["dood"].load(names["file"])


def test_it_samples_and_draws_straight_lines(names: dict[str, Any]) -> None:
    model, drawings = names["again"], names["drawings"]
    assert drawings.canvas.shape == (8, 16, 16)
    points = strokes_of(model, drawings.latents, drawings.strokes).points
    along = points[..., 1:, :] - points[..., :1, :]
    cross = along[..., 0] * along[..., -1:, 1] - along[..., 1] * along[..., -1:, 0]
    assert cross.abs().max() < 1e-4
    picture = np.full((40, 40), 255, np.uint8)
    picture[20:23, 5:35] = 0
    assert draw(picture, model=model, refine=5).strokes


def test_bounds_fits_and_completions_use_its_prior(names: dict[str, Any]) -> None:
    model, images = names["again"], torch.from_numpy(names["crosses"](2)).float() / 255
    assert importance_bound(model, images, 5, generator=seeded()).isfinite().all()
    start = amortised(model, images)
    assert not torch.equal(fit(model, images, start, 3, generator=seeded()).mean, start.mean)
    inference = model.infer(images[:1])
    given = LatentStrokes(inference.latents, torch.tensor([1]))
    completed = completions(Network(model), to_arrays(given), 3, temperature=1.0, seed=0)
    assert completed.points.shape == (3, 2, model.config.points, 2)
    assert np.isfinite(completed.points).all()
    with pytest.raises(DoodError, match="IndependentPrior samples whole drawings only"):
        model.sample(1, given=given)
