"""Measure shipped models, and show what they do: results/models.csv, results/models.md and a folder of pictures each.

python -m scripts.make_models mnist=mnist,emnist omniglot=omniglot --limit 500 --fit 0 200

Every cell (model, test set, fitting steps) is kept as soon as it is measured; those there are not measured again.
"""

import argparse
import csv
from pathlib import Path

import torch

from benchmarks.timing import machine
from dood.checkpoints import checkpoint
from dood.data import evenly_spaced, load
from dood.evaluation.evaluate import evaluate
from dood.evaluation.published import BOUNDS, SETS
from dood.figures.plots import learning_curves, save_figure, stroke_histograms
from dood.figures.sheets import reconstruction_sheet, save_image
from dood.files import atomic_write, make_folder, write_table
from dood.inference.parsing import parse
from dood.runs import metrics_log

SHOWN, COUNTED = 5, 500
"""Images of a set in a sheet of reconstructions, and in a histogram."""

COLUMNS = (
    *("model", "dataset", "seed", "preset", "steps", "seconds", "hardware"),
    *("bound", "mse", "mae", "strokes", "images", "samples", "fit", "stderr"),
)
"""Of results/models.csv; `stderr`, of the bound over images, is empty where it was not measured."""


def main() -> None:
    """Measure and draw what is asked for and not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="+", metavar="MODEL=SET,SET", help="a shipped model and the sets to test it on")
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--fit", type=int, nargs="+", default=[0, 200])
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    out = make_folder(arguments.out)
    table = out / "models.csv"
    rows = list(csv.DictReader(table.open())) if table.exists() else []
    for cell in arguments.cells:
        model, sets = cell.split("=")
        for name in sets.split(","):
            for fit in arguments.fit:
                if not any((row["model"], row["dataset"], row["fit"]) == (model, name, str(fit)) for row in rows):
                    rows.append(measure(model, name, fit, arguments.samples, arguments.limit))
                    write_table(table, COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in rows])
                    print(rows[-1], flush=True)
        draw(model, make_folder(out / "models" / model))
    with atomic_write(out / "models.md") as file:
        file.write(as_markdown(rows).encode())


def measure(model: str, name: str, fit: int, samples: int, limit: int) -> dict[str, str]:
    """One row of the table."""
    measured = evaluate(model, name, samples=samples, limit=limit, fit_steps=fit)
    header = checkpoint.read_header(checkpoint.shipped()[model])
    trained = {key: header.get(key, "") for key in ("seed", "preset", "steps", "seconds")}
    figures = {"bound": f"{measured.bound:.1f}", "mse": f"{measured.mse:.5f}", "mae": f"{measured.mae:.5f}"}
    about = {"images": str(measured.images), "samples": str(samples), "fit": str(fit)}
    about["stderr"] = "" if measured.stderr is None else f"{measured.stderr:.1f}"
    cpu = machine()
    hardware = f"{cpu['cpu']}, {cpu['cores']} cores, shared"
    return {
        "model": model,
        "dataset": name,
        **trained,
        "hardware": hardware,
        **figures,
        "strokes": f"{measured.strokes:.2f}",
        **about,
    }


def draw(model: str, folder: Path) -> None:
    """Step-by-step reconstructions on every set, how many strokes are used, and the learning curve."""
    network = checkpoint.load(model)
    counts = {}
    for name in SETS:
        images = load(name).at(network.config.resolution).test_images
        target = torch.from_numpy(images[evenly_spaced(len(images), COUNTED)]).float() / 255
        parsed = parse(network, target)
        counts[name] = parsed.strokes.numpy()
        shown = evenly_spaced(len(target), SHOWN)
        sheet = reconstruction_sheet(*(part[shown].numpy() for part in (target, parsed.canvases, parsed.strokes)))
        save_image(sheet, folder / f"on-{name}.png")
    save_figure(stroke_histograms({model: counts}, network.config.strokes), folder / "strokes.png")
    if records := metrics_log.records(folder):
        save_figure(learning_curves({model: records}), folder / "learning.png")


def as_markdown(rows: list[dict[str, str]]) -> str:
    """The table of the README: a line for each model and test set, the paper's protocol beside the fitted posterior."""
    lines = [
        "| model | test images | bound, nats | fitted | the authors' | squared error | fitted | strokes |",
        "|---|---|---|---|---|---|---|---|",
    ]
    cells: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in sorted(rows, key=lambda row: (row["model"] == "all", row["model"], row["dataset"], int(row["fit"]))):
        cells.setdefault((row["model"], row["dataset"]), []).append(row)
    for (model, name), (plain, *_, fitted) in cells.items():
        authors = BOUNDS.get(("dood", model, name))
        lines.append(
            f"| {model} | {name} ({plain['images']}) | {bound(plain)} | {bound(fitted)} |"
            f" {'' if authors is None else f'{authors:.0f}'} | {float(plain['mse']):.4f} | {float(fitted['mse']):.4f} |"
            f" {plain['strokes']} |"
        )
    return "\n".join([*lines, ""])


def bound(row: dict[str, str]) -> str:
    """With its standard error over images, where that was measured."""
    error = row.get("stderr")
    return f"{float(row['bound']):.0f}" + (f" ± {float(error):.0f}" if error else "")


if __name__ == "__main__":
    main()
