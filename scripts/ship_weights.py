"""Put the weights of a training run into the package, as 16-bit floats.

python scripts/ship_weights.py runs/mnist mnist "Drawings as MNIST's digits are: ..."
"""

import argparse
from pathlib import Path

from dood import checkpoint

NOTES = ("data", "data_sha256", "seed", "steps", "seconds")
WEIGHTS = Path(__file__).parents[1] / "src" / "dood" / "weights"


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
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
