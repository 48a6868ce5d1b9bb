"""Compare models trained on MNIST: results/baselines.csv and .md, and the pictures of the paper's Figure 3.

python scripts/make_baselines.py runs/dood-1 runs/dood-2 runs/air-1 ... --limit 100

Each cell is kept as soon as it is measured, and those there are not measured again. The pictures show the first run of
each model.
"""

import argparse
from pathlib import Path

import torch
from PIL import Image

from dood.checkpoints import checkpoint
from dood.checkpoints.headers import read_header
from dood.data import evenly_spaced, load
from dood.evaluation.published import SETS
from dood.evaluation.tables import as_markdown
from dood.evaluation.transfer import transfer
from dood.figures.plots import image_grid, save_figure, stroke_histograms
from dood.figures.sheets import reconstruction_sheet, save_image
from dood.files import atomic_write, make_folder
from dood.inference.parsing import Parse, parse
from dood.models.dood import DooD

SHOWN, COUNTED, MOST = 2, 500, 10
"""Images of a set in the pictures, images whose strokes are counted, and most strokes there (as in Figure 3)."""

COUNTED_MODELS = ("dood", "air", "difference-air")


def main() -> None:
    """Measure what is not there yet, and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    out = make_folder(arguments.out)
    options = {"samples": arguments.samples, "limit": arguments.limit}
    cells = transfer(arguments.runs, SETS, out / "baselines.csv", progress=tell, **options)
    with atomic_write(out / "baselines.md") as file:
        file.write(as_markdown(cells).encode())
    draw(first_of_each(arguments.runs), make_folder(out / "baselines"))


def tell(done: int, total: int) -> None:
    print(f"{done}/{total} cells", flush=True)


def first_of_each(runs: list[Path]) -> dict[str, DooD]:
    """By name, the first model of its kind that was trained on MNIST."""
    models: dict[str, DooD] = {}
    for run in runs:
        header = read_header(checkpoint.find(run))
        name = header.get("model", "dood")
        if header["data"] == "mnist" and name not in models:
            models[name] = checkpoint.load(run)
    return models


def draw(models: dict[str, DooD], folder: Path) -> None:
    """Reconstructions of all models side by side, of each step by step, and how many strokes are used."""
    images = {name: test_images(name) for name in SETS}
    few = torch.cat([images[name][evenly_spaced(len(images[name]), SHOWN)] for name in SETS])
    parses = {name: parse(model, few) for name, model in models.items()}
    for name, parsed in parses.items():
        save_image(step_sheet(few, parsed), folder / f"steps-{name}.png")
    columns = torch.stack([few, *(parsed.canvas for parsed in parses.values())], 1)
    rows = {f"{name} {i + 1}": columns[SHOWN * s + i].numpy() for s, name in enumerate(SETS) for i in range(SHOWN)}
    save_figure(image_grid(rows, ["target", *models]), folder / "reconstructions.png")
    counts = {
        model: {name: parse(models[model], images[name], strokes=MOST).strokes.numpy() for name in SETS}
        for model in COUNTED_MODELS
        if model in models
    }
    save_figure(stroke_histograms(counts, MOST), folder / "strokes.png")


def step_sheet(images: torch.Tensor, parsed: Parse) -> Image.Image:
    return reconstruction_sheet(images.numpy(), parsed.canvases.numpy(), parsed.strokes.numpy())


def test_images(name: str) -> torch.Tensor:
    images = load(name).at(50).test_images
    return torch.from_numpy(images[evenly_spaced(len(images), COUNTED)]).float() / 255


if __name__ == "__main__":
    main()
