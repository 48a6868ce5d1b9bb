"""Put the weights of a training run into the package, as 16-bit floats, and its metrics beside the results.

python scripts/ship_weights.py runs/mnist mnist "Drawings as MNIST's digits are: ..."
"""

import argparse
import shutil
from pathlib import Path

from dood import checkpoint, journal
from dood.files import make_folder

NOTES = ("data", "data_sha256", "seed", "preset", "steps", "seconds", "code", "train")
ROOT = Path(__file__).parents[1]
WEIGHTS, RESULTS = ROOT / "src" / "dood" / "weights", ROOT / "results" / "models"


def main() -> None:
    """Copy the weights, with the run's notes and a summary in their header."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("name")
    parser.add_argument("summary")
    arguments = parser.parse_args()
    header = checkpoint.read_header(arguments.run / "model.safetensors")
    notes = {key: header[key] for key in NOTES if key in header} | {"summary": arguments.summary}
    path = WEIGHTS / f"{arguments.name}.safetensors"
    checkpoint.save(checkpoint.load(arguments.run), path, notes, half=True)
    shutil.copy(arguments.run / journal.METRICS, make_folder(RESULTS / arguments.name) / journal.METRICS)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
