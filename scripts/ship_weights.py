"""Put weights into the package as 16-bit floats that compress, with a card, and a run's metrics beside the results.

python scripts/ship_weights.py runs/mnist mnist "Handwritten digits (MNIST)"
dood refit runs/mnist --out mnist.safetensors
python scripts/ship_weights.py mnist.safetensors mnist "Handwritten digits (MNIST)"
"""

import argparse
import json
import re
import shutil
from pathlib import Path

import torch
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.files import atomic_write, make_folder
from dood.models.dood import DooD
from dood.models.priors.expost import ExPostPrior
from dood.runs.metrics_log import METRICS

NOTES = ("data", "data_sha256", "seed", "preset", "steps", "seconds", "code", "train", "lengthened", "refit", "critic")
ROOT = Path(__file__).parents[1]
WEIGHTS, RESULTS = ROOT / "src" / "dood" / "weights", ROOT / "results" / "models"

SHARE, LEAST = 1 / 128, 256
"""A parameter of so many numbers is rounded to multiples of about this share of its root mean square: a quarter of a
percent of noise, which costs no bound that could be measured, and a quarter of the wheel (docs/performance.md)."""

COARSE, EXPOST = 1 / 64, re.compile(r"prior\.(rnn|made|start|end|between|on_head|codebook)\.")
"""The same for an ex-post prior, whose samples are as near to drawings so: half a percent of noise."""

CRITIC = 1 / 8
"""The same for its critic, which adds up hundreds of them."""

INK = 1 / 64
"""Thumbnails of a codebook are rounded to so much ink: a thirtieth of what drawings vary by about them."""

CARD = """\
# `{name}`

{summary}.

A DooD model trained on images alone: ink in [0, 1] at {side}x{side} pixels, no labels, no augmentation. Up to {strokes}
strokes of {points} control points; a pen of {pens} width values and a hardness a stroke; {millions:.1f} M parameters,
stored as 16-bit floats, rounded to multiples of about a 128th of each array's root mean square.

| | |
|---|---|
| data | training images of `{data}`, in equal parts where there are several; 1,000 of each set (or a tenth) held out |
| sha256 | `{data_sha256}` |
| steps | {steps} of {batch} images, seed {seed}{lengthened} |
| time | {minutes:.0f} minutes on one core of a shared virtual AMD EPYC |
| recipe | preset `{preset}`: learning rate {learning_rate}, beta {beta}, {dreams}; everything in the file's header |
| prior | {prior} |
| code | `{code}` |
| metrics | `results/models/{name}/metrics.jsonl`, on held-out training images |
| figures | `results/models.md`, on test images; pictures in `results/models/{name}/` |

The recipe was first chosen in part on test images (of MNIST, and of all five sets for the range of scales); chosen anew
on held-out training images it stays as it is, within what those can tell (`results/selection.csv`, `docs/models.md`).

EMNIST, KMNIST and Quick, Draw! are partial here (74,777, 8,000 and 50,321 training images), so figures on them do not
compare with those of models trained on the whole sets.

Intended for parsing drawings into strokes, and as a baseline to compare with. Strokes are what explains the pixels best
under the model, not what a person did: a long line may come in pieces, and the order is the model's own.
"""


def main() -> None:
    """Copy the weights, with their notes and a summary in the header; write the card; keep the metrics of a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder of a run, or a model file")
    parser.add_argument("name")
    parser.add_argument("summary")
    arguments = parser.parse_args()
    name, header, network = arguments.name, checkpoint.header_of(arguments.model), checkpoint.load(arguments.model)
    path = WEIGHTS / f"{name}.safetensors"
    notes = {key: header[key] for key in NOTES if key in header} | {"summary": arguments.summary}
    round_weights(network)
    checkpoint.save(network, path, notes, half=True)
    with atomic_write(WEIGHTS / f"{name}.md") as file:
        file.write(card(name, notes, sum(p.numel() for p in network.parameters())).encode())
    if arguments.model.is_dir():
        shutil.copy(arguments.model / METRICS, make_folder(RESULTS / name) / METRICS)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


@torch.no_grad()
def round_weights(network: DooD) -> None:
    """Round what there is much of, in place; the likelihood's scales are kept."""
    for name, parameter in network.named_parameters():
        if parameter.numel() >= LEAST and "likelihood" not in name:
            share = COARSE if EXPOST.match(name) else CRITIC if name.startswith("prior.critic.") else SHARE
            parameter.copy_(rounded(parameter, share))
    if isinstance(network.prior, ExPostPrior):
        centres = network.prior.codebook.centres
        centres.copy_((centres / INK).round() * INK)


def rounded(values: Tensor, share: float) -> Tensor:
    """Return values as multiples of a power of two near that share of their root mean square."""
    step = 2 ** (share * values.float().square().mean().sqrt()).clamp(min=1e-9).log2().round()
    return (values / step).round() * step


def card(name: str, notes: dict[str, str], parameters: int) -> str:
    """What a user of the weights wants to know."""
    train = json.loads(notes["train"])
    model = train["model"]
    return CARD.format(
        name=name,
        side=model["resolution"],
        strokes=model["strokes"],
        points=model["points"],
        pens=model["pen_points"],
        millions=parameters / 1e6,
        minutes=float(notes["seconds"]) / 60,
        batch=train["batch"],
        learning_rate=train["learning_rate"],
        beta=train["beta"],
        dreams=dreams(train.get("dreams", 0.0)),
        prior=prior(notes),
        **{key: notes[key] for key in ("data", "data_sha256", "seed", "preset", "code", "summary")},
        steps=f"{int(notes['steps']):,}",
        lengthened=lengthened(notes),
    )


def dreams(share: float) -> str:
    """Which share of each batch, and how it was chosen."""
    if not share:
        return "no dreams"
    return (
        f"{share:.0%} of each batch dreams of its own drawings (chosen on held-out training images: `docs/models.md`)"
    )


def lengthened(notes: dict[str, str]) -> str:
    """At which steps the run had ended, if it was resumed with more of them."""
    ends = notes.get("lengthened", "").split()
    return f"; resumed with more after {' and '.join(f'{int(end):,}' for end in ends)}" if ends else ""


def prior(notes: dict[str, str]) -> str:
    """Which prior it is."""
    if "refit" not in notes:
        return "learned with the model"
    refit = json.loads(notes["refit"])
    fitted = f"after {refit['lm_steps']} steps of least squares" if refit["lm_steps"] else "as they are inferred"
    joint = f"{notes['data'] if '+' not in notes['data'] else 'all'}:joint-prior"
    return (
        f"learned after the model: {refit['steps']:,} steps of {refit['batch']} drawings, of at most"
        f" {refit['images']:,} training images {fitted}; {critic(notes)}the one learned with it is `{joint}`"
    )


def critic(notes: dict[str, str]) -> str:
    """How the critic of the prior's samples was learned, if there is one."""
    learned = json.loads(notes.get("critic", notes["refit"]))
    if not learned.get("critic_steps"):
        return ""
    return f"of 16 samples a critic chooses one, learned in {learned['critic_steps']:,} steps; "


if __name__ == "__main__":
    main()
