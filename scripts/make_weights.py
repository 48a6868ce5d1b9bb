"""Train the shipped models by one recipe, learn their priors, and put them into the package.

python scripts/make_weights.py mnist emnist kmnist quickdraw omniglot --runs runs

Run again, it goes on where it was stopped: a run from its last checkpoint; what is finished is not done again. Without
--ship the weights stay in runs/NAME and runs/NAME.safetensors, where `dood transfer` and scripts/compare_models.py
measure them. Two and a half hours of one core a model.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from dood.checkpoints.headers import MODEL, read_header
from dood.files import make_folder

RECIPE = {"preset": "standard", "steps": "20000", "seed": "1"}
SETTINGS = ("dreams=0.5", "dreams_kept=0.4", "checkpoint_every=1000", "evaluate_every=1000")
"""The shares of dreams were chosen on held-out training images and dreams of MNIST: results/selection.csv."""

SHIPPING = Path(__file__).with_name("ship_weights.py")

SUMMARIES = {
    "mnist": "Handwritten digits (MNIST)",
    "emnist": "Handwritten letters and digits (EMNIST)",
    "kmnist": "Cursive Japanese characters (KMNIST)",
    "quickdraw": "Doodles of 24 kinds of things (Quick, Draw!)",
    "omniglot": "Handwritten characters of thirty alphabets (Omniglot, background set)",
    "all": "All kinds of drawings: MNIST, EMNIST, KMNIST, Quick, Draw! and Omniglot in equal parts",
}


def main() -> None:
    """Train, refit and, if so told, ship each of the models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="+", choices=SUMMARIES)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--ship", action="store_true", help="put the weights into the package")
    arguments = parser.parse_args()
    for source in arguments.sources:
        folder = make_folder(arguments.runs) / source
        refitted = folder.with_suffix(".safetensors")
        command("-m", "dood", *training(source, folder))
        if not refitted.exists() or steps_of(refitted) != steps_of(folder / MODEL):
            command("-m", "dood", "refit", str(folder), "--out", str(refitted))
        for weights in (folder, refitted) if arguments.ship else ():
            command(str(SHIPPING), str(weights), source, SUMMARIES[source])


def training(source: str, folder: Path) -> list[str]:
    """The command that trains, or goes on."""
    options = [part for name, value in RECIPE.items() for part in (f"--{name}", value)]
    settings = [part for setting in SETTINGS for part in ("--set", setting)]
    resume = ["--resume"] if (folder / "checkpoint.pt").exists() else []
    return ["train", "--data", source, "--out", str(folder), *options, *settings, *resume]


def command(*words: str) -> None:
    """Run Python with these words; if it fails, it has said why."""
    print(*words, flush=True)
    if status := subprocess.run([sys.executable, *words], check=False).returncode:
        raise SystemExit(status)


def steps_of(path: Path) -> str:
    return read_header(path).get("steps", "")


if __name__ == "__main__":
    main()
