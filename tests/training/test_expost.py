"""A prior learned from what a model infers: better, and nothing else is changed."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.checkpoints.headers import read_header
from dood.errors import DoodError
from dood.inference.strokes import check_strokes
from dood.models.dood import DooD
from dood.models.latents import Latents, LatentStrokes, LayoutRange
from dood.models.priors.expost import ExPostPrior
from dood.tasks.refit import refit_file
from dood.training import critic
from dood.training import expost as module
from dood.training.expost import RefitConfig, _begin, inferred, moved, refit
from tests.tiny import TINY, scribbles, scribbles_uint8, seeded, tiny_model

IMAGES, HELD_OUT = scribbles_uint8(400), scribbles_uint8(50, seed=1)
SHORT = RefitConfig(steps=40, batch=20, passes=2, warmup=5, critic_steps=0)


def split_of(name: str) -> dict[str, np.ndarray]:
    """Images and labels of a data file."""
    images = scribbles_uint8(20, seed=len(name)).numpy()
    return {"images": images, "labels": np.arange(len(images)) % 2}


def test_it_is_a_better_prior_of_what_is_inferred_and_that_stays_as_it_was() -> None:
    model = tiny_model().requires_grad_(False)
    images = scribbles(3)
    before, (fitted, density) = model(images), refit(model, [IMAGES], HELD_OUT, SHORT)
    after = fitted(images)
    assert torch.equal(before.latents.stroke, after.latents.stroke)
    assert torch.equal(before.canvases, after.canvases)
    assert torch.equal(before.stop_q.logits, after.stop_q.logits)
    latents, strokes = inferred(model, HELD_OUT, seeded())
    canvases = model.canvases(latents, TINY.resolution, TINY.resolution)
    own, stop = model.prior.log_prob(HELD_OUT / 255, latents, canvases)
    counts = torch.arange(TINY.strokes) < strokes[:, None]
    assert density > ((own * counts).sum(-1) + stop.log_prob(strokes)).mean() + 1
    assert fitted.prior.learned_jointly().state_dict().keys() == model.prior.state_dict().keys()
    assert not isinstance(model.prior, ExPostPrior)
    assert fitted.config == dataclasses.replace(TINY, expost=True)


def test_whether_anything_is_drawn_is_counted() -> None:
    """A few steps know that two of a hundred images are blank."""
    images = IMAGES[:100].clone()
    images[:2] = 0
    fitted, _ = refit(tiny_model(), [images], HELD_OUT, dataclasses.replace(SHORT, steps=1))
    assert isinstance(fitted.prior, ExPostPrior)
    assert_allclose(fitted.prior.begin.sigmoid(), [99 / 102], rtol=1e-5)
    # Weights that sum to a little more than 1 by rounding are no reason for more than all of them.
    _begin(fitted.prior, images[2:], torch.full((98,), 1.0001 / 98))
    assert_allclose(fitted.prior.begin.sigmoid(), [99 / 100], rtol=1e-4)


def test_a_moved_drawing_is_the_drawing_elsewhere() -> None:
    model = tiny_model().requires_grad_(False)
    layout_range, latents = LayoutRange(TINY), inferred(model, IMAGES[:50], seeded()).latents
    latents = latents._replace(layout=0.3 * latents.layout)  # well within the ranges
    points = [
        layout_range.frame(each.layout).apply(check_strokes(model).points(each.stroke)).flatten(1, 2)
        for each in (latents, moved(latents, layout_range, 0.5, seeded()))
    ]
    before, after = (torch.cdist(each, each) for each in points)
    assert_allclose(after / after.sum((1, 2), True), before / before.sum((1, 2), True), atol=1e-5)
    shift = (points[1] - points[0]).mean(1)
    assert 0.02 < shift.std() < 0.06
    again, other = (moved(latents, layout_range, 0.5, seeded(seed)).layout for seed in (0, 1))
    assert torch.equal(again, moved(latents, layout_range, 0.5, seeded()).layout)
    assert not torch.equal(again, other)


def test_strokes_can_be_fitted_to_their_images_first() -> None:
    model = tiny_model().requires_grad_(False)
    plain, fitted = (inferred(model, IMAGES[:20], seeded(), 3, lm_steps=steps) for steps in (0, 2))
    assert fitted.latents.layout.shape == plain.latents.layout.shape
    assert fitted.strokes.shape == (60,)
    ink = IMAGES[:20].float().repeat(3, 1, 1) / 255
    drawn = [
        model.canvases(each.latents, TINY.resolution, TINY.resolution)[torch.arange(60), each.strokes]
        for each in (plain, fitted)
    ]
    before, after = ((canvas - ink).square().mean() for canvas in drawn)
    assert after < before


def test_it_is_a_function_of_the_seed_and_leaves_torchs_own_alone() -> None:
    model, before = tiny_model(), torch.random.get_rng_state()
    short = dataclasses.replace(SHORT, steps=3)
    one, same, other = (
        refit(model, [IMAGES], HELD_OUT, dataclasses.replace(short, seed=seed))[0].state_dict() for seed in (1, 1, 2)
    )
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_it_can_be_refitted_again() -> None:
    short = dataclasses.replace(SHORT, steps=2)
    once, _ = refit(tiny_model(), [IMAGES], HELD_OUT, short)
    twice, _ = refit(once, [IMAGES], HELD_OUT, dataclasses.replace(short, seed=9))
    images = scribbles(3)
    assert torch.equal(once(images).latents.stroke, twice(images).latents.stroke)


def test_sets_are_learned_from_in_equal_parts() -> None:
    """Whatever their sizes, as in training."""
    few = 255 - scribbles_uint8(10, seed=2)
    fitted, _ = refit(tiny_model(), [IMAGES, few], HELD_OUT, dataclasses.replace(SHORT, steps=1))
    assert isinstance(fitted.prior, ExPostPrior)
    codebook = fitted.prior.codebook
    assert codebook.share[codebook.nearest(few / 255).unique()].sum().item() == pytest.approx(0.5)


def test_as_many_images_are_learned_from_as_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each set an equal share, and those of a set that has fewer."""
    sizes: list[int] = []
    plain = module.inferred

    def counted(model: DooD, images: Tensor, *rest: Any, **named: Any) -> LatentStrokes:
        sizes.append(len(images))
        return plain(model, images, *rest, **named)

    monkeypatch.setattr(module, "inferred", counted)
    refit(tiny_model(), [IMAGES, IMAGES[:10]], HELD_OUT, dataclasses.replace(SHORT, steps=1, images=100))
    assert sizes[0] == 50 + 10


def test_every_pass_is_another_sample_of_every_image() -> None:
    drawn = inferred(tiny_model().requires_grad_(False), IMAGES, seeded(), passes=3)
    assert drawn.strokes.shape == (1200,)
    layouts = drawn.latents.layout.view(3, 400, TINY.strokes, -1)
    assert not torch.equal(layouts[0], layouts[1])


def test_a_model_that_draws_nothing_has_no_prior_to_learn() -> None:
    model = tiny_model().requires_grad_(False)
    model.recognition.on_head[-1].bias.fill_(-1000)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(DoodError, match="draws nothing"):
        refit(model, [IMAGES], HELD_OUT, SHORT)


def test_air_has_no_strokes_to_learn_from() -> None:
    with pytest.raises(DoodError, match="has no strokes"):
        refit(tiny_model(dataclasses.replace(TINY, appearance="neural")), [IMAGES], HELD_OUT, SHORT)


@pytest.mark.parametrize(
    "setting",
    [
        {"steps": 0},
        {"batch": 0},
        {"passes": 0},
        {"images": 0},
        {"warmup": -1},
        {"lm_steps": -1},
        {"critic_steps": -1},
        {"augmentation": -0.1},
        {"learning_rate": 0.0},
        {"clip": -1.0},
    ],
)
def test_settings_out_of_range_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(DoodError, match=next(iter(setting))):
        RefitConfig(**setting)


def test_a_file_becomes_a_file_that_says_how(tmp_path: Path) -> None:
    source = str(tmp_path / "scribbles.npz")
    arrays: Any = {f"{split}_{kind}": part for split in ("train", "test") for kind, part in split_of(split).items()}
    np.savez(source, **arrays)
    checkpoint.save(tiny_model(), tmp_path / "a.safetensors", {"seed": "7", "data": source})
    density = refit_file(tmp_path / "a.safetensors", tmp_path / "b.safetensors", dataclasses.replace(SHORT, steps=2))
    header, fitted = read_header(tmp_path / "b.safetensors"), checkpoint.load(tmp_path / "b.safetensors")
    assert fitted.config.expost
    assert header["seed"] == "7"
    assert f'"held_out": {density}' in header["refit"]


def test_a_file_whose_prior_stays_says_how_its_critic_was_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(critic, "SAMPLES", 250)
    source = str(tmp_path / "scribbles.npz")
    arrays: Any = {f"{split}_{kind}": part for split in ("train", "test") for kind, part in split_of(split).items()}
    np.savez(source, **arrays)
    files = [tmp_path / f"{name}.safetensors" for name in "abc"]
    checkpoint.save(tiny_model(), files[0], {"seed": "7", "data": source})
    refit_file(files[0], files[1], SHORT)
    seen: list[tuple[int, int]] = []
    more = dataclasses.replace(SHORT, keep_prior=True, critic_steps=3)
    refit_file(files[1], files[2], more, progress=lambda *done: seen.append(done))
    one, other = (read_header(path) for path in files[1:])
    assert other["refit"] == one["refit"]
    assert '"critic_steps": 3' in other["critic"]
    assert "critic" not in one
    assert "critic" not in checkpoint.header_of(f"{files[2]}:joint-prior")
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert checkpoint.load(files[2]).config.critic
    assert not checkpoint.load(f"{files[2]}:joint-prior").config.critic


def test_a_prior_that_is_not_there_cannot_stay() -> None:
    with pytest.raises(DoodError, match="keep_prior must be false: the model has no ex-post prior"):
        refit(tiny_model(), [IMAGES], HELD_OUT, dataclasses.replace(SHORT, keep_prior=True))


def test_a_kept_prior_is_the_same_and_has_a_critic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(critic, "SAMPLES", 250)
    fitted, density = refit(tiny_model(), [IMAGES], HELD_OUT, SHORT)
    config = dataclasses.replace(SHORT, keep_prior=True, critic_steps=2)
    judged, again = refit(fitted, [IMAGES], HELD_OUT, config)
    assert density == again
    assert judged.config == dataclasses.replace(TINY, expost=True, critic=True)
    kept = fitted.prior.state_dict()
    assert all(torch.equal(kept[name], tensor) for name, tensor in judged.prior.state_dict().items() if name in kept)
    assert {name.split(".")[0] for name in judged.prior.state_dict().keys() - kept.keys()} == {"critic"}
    plain, _ = refit(judged, [IMAGES], HELD_OUT, dataclasses.replace(config, critic_steps=0))
    assert not plain.config.critic
    assert plain.prior.state_dict().keys() == kept.keys()


def test_a_file_that_cannot_be_is_refused_before_any_work(tmp_path: Path) -> None:
    checkpoint.save(tiny_model(), tmp_path / "a.safetensors")
    with pytest.raises(DoodError, match=r"must end in \.safetensors"):
        refit_file(tmp_path / "a.safetensors", tmp_path / "b", SHORT)
    with pytest.raises(DoodError, match="does not say what it was trained on"):
        refit_file(tmp_path / "a.safetensors", tmp_path / "b.safetensors", SHORT)


def told_apart_by_their_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is inferred is a function of the image: strokes far left of blank-ish images, far right of dark ones."""

    def inferred(
        model: DooD, images: Tensor, generator: torch.Generator, passes: int = 1, lm_steps: int = 0
    ) -> LatentStrokes:
        dark = (images.float().mean((1, 2)) > 127).repeat(passes)
        width = sum(model.widths)
        flat = 0.1 * torch.randn(len(dark), TINY.strokes, width, generator=generator)
        flat += torch.where(dark, 1.0, -1.0)[:, None, None]
        return LatentStrokes(Latents.from_flat(flat), torch.ones_like(dark, dtype=torch.long))

    monkeypatch.setattr(module, "inferred", inferred)


def light_and_dark(light: int, dark: int) -> list[Tensor]:
    noise = torch.randint(0, 20, (light + dark, 12, 12), generator=seeded()).to(torch.uint8)
    return [noise[:light], 255 - noise[light:]]


def test_strokes_are_learned_with_the_codebook_entries_of_their_own_images(monkeypatch: pytest.MonkeyPatch) -> None:
    told_apart_by_their_images(monkeypatch)
    sets = light_and_dark(60, 60)
    fitted, density = refit(tiny_model(), sets, torch.cat(light_and_dark(5, 5)), SHORT)
    prior = fitted.prior
    assert isinstance(prior, ExPostPrior)
    light, dark = (entries_of(prior, images).unique() for images in sets)
    drawings = module.inferred(fitted, sets[0], seeded())
    right, wrong = (
        prior.drawing_log_prob(drawings, entries[torch.arange(60) % len(entries)]).mean() for entries in (light, dark)
    )
    assert right > wrong + 5
    assert density > wrong + 5


def test_strokes_of_a_small_set_are_learned_from_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """One drawing in ten is light, but of the set that has half of the weight."""
    told_apart_by_their_images(monkeypatch)
    learned, plain = [], ExPostPrior.drawing_log_prob

    def noted(prior: ExPostPrior, drawings: LatentStrokes, entries: Tensor) -> Tensor:
        learned.append(drawings.latents.stroke.mean((1, 2)))
        return plain(prior, drawings, entries)

    monkeypatch.setattr(ExPostPrior, "drawing_log_prob", noted)
    refit(tiny_model(), light_and_dark(12, 108), torch.cat(light_and_dark(5, 5)), dataclasses.replace(SHORT, steps=40))
    assert (torch.cat(learned[:40]) < 0).float().mean().item() == pytest.approx(0.5, abs=0.06)


def entries_of(prior: ExPostPrior, images: Tensor) -> Tensor:
    return prior.codebook.nearest(images.float() / 255)


def test_the_model_that_is_given_is_left_alone_and_the_new_ones_parts_are_its_own() -> None:
    model = tiny_model()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    fitted, _ = refit(model, [IMAGES], HELD_OUT, dataclasses.replace(SHORT, steps=2))
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.requires_grad for parameter in model.parameters())
    joint = fitted.prior.learned_jointly()
    given = LatentStrokes(inferred(model, HELD_OUT, seeded()).latents, torch.ones(50).long())
    followed = joint.follow(given, 2, generator=seeded())
    fitted.memory.layout_rnn.weight_hh.zero_()
    fitted.memory.layout_rnn.weight_ih.zero_()
    assert not torch.equal(joint.follow(given, 2, generator=seeded()).latents.flat(), followed.latents.flat())
