"""Compare two models on the same test images of every set: differences, with standard errors over pairs of images.

python scripts/compare_models.py mnist:joint-prior runs/mnist-dreams --limit 250 --keep figures

What decides is the difference of the bound, averaged over the sets: above two standard errors it is one. Figures of
each model and set are kept in a folder as soon as they are measured, and those there are not measured again.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.data import evenly_spaced, load
from dood.evaluation.evaluate import image_figures, standard_error
from dood.evaluation.published import SETS
from dood.files import make_folder

SAMPLES, BATCH = 200, 64


def main() -> None:
    """Print a line a set, and one of their means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--data", nargs="+", default=SETS)
    parser.add_argument("--limit", type=int, default=250)
    parser.add_argument("--keep", type=Path, required=True)
    arguments = parser.parse_args()
    folder = make_folder(arguments.keep)
    differences, errors = [], []
    for name in arguments.data:
        before, after = (figures(model, name, arguments.limit, folder) for model in (arguments.before, arguments.after))
        difference = after - before
        differences.append(difference.mean(0))
        errors.append(torch.tensor([standard_error(column) or torch.nan for column in difference.T]))
        print(f"{name:10} {line(before.mean(0), after.mean(0), differences[-1], errors[-1])}", flush=True)
    mean, error = torch.stack(differences).mean(0), torch.stack(errors).square().sum(0).sqrt() / len(errors)
    print(f"mean of {len(errors)}: bound {mean[0]:+.1f} ± {error[0]:.1f}  mse {mean[1]:+.5f} ± {error[1]:.5f}")


def figures(model: str, name: str, limit: int, folder: Path) -> Tensor:
    """Bound, squared and absolute error and strokes of each image [n, 4]; noise as in `dood evaluate`."""
    steps = checkpoint.header_of(model).get("steps", "0")
    path = folder / f"{Path(model).name.replace(':', '-')}-{steps}-{name}-{limit}.npy"
    if not path.exists():
        network = checkpoint.load(model)
        images = load(name).at(network.config.resolution).test_images
        chosen = torch.from_numpy(images[evenly_spaced(len(images), limit)])
        generator = torch.Generator().manual_seed(0)
        rows = [
            image_figures(network, part.float() / 255, SAMPLES, generator=generator) for part in chosen.split(BATCH)
        ]
        np.save(path, torch.cat(rows).double().numpy())
    return torch.from_numpy(np.load(path))


def line(before: Tensor, after: Tensor, difference: Tensor, error: Tensor) -> str:
    bound = f"bound {before[0]:8.1f} -> {after[0]:8.1f} ({difference[0]:+8.1f} ± {error[0]:5.1f})"
    mse = f"mse {before[1]:.5f} -> {after[1]:.5f} ({difference[1]:+.5f} ± {error[1]:.5f})"
    return f"{bound}  {mse}  strokes {before[3]:.2f} -> {after[3]:.2f}"


if __name__ == "__main__":
    main()
