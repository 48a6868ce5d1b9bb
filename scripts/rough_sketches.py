"""How far `--merge` makes one stroke of a curve that was gone over many times: rough sketches whose curves are known.

python scripts/rough_sketches.py 0 1 2 3 --half 1      # of pen/roughs.npz in DOOD_DATA, every second sketch from 1 on

For each number of pen widths: found strokes over the person's curves (mean, median), adjusted Rand index between the
curves and the found strokes that lie nearest, over points of the pen, and the length of what is found over that of the
person's strokes.
"""

import argparse
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from sklearn.metrics import adjusted_rand_score

from dood.data.pensets import Drawn, load_pen_set, pen_file
from dood.evaluation.pen_measures import even
from dood.evaluation.pen_pictures import picture_of_paths
from dood.tracing.cubics import polyline
from dood.tracing.trace import Options, trace

SET = "roughs"


def main() -> None:
    """Print a line for each number of pen widths."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pens", nargs="+", type=float)
    parser.add_argument("--half", type=int, choices=(0, 1), default=0)
    arguments = parser.parse_args()
    sketches = list(with_curves())[arguments.half :: 2]
    for pens in arguments.pens:
        rows = np.array([figures(drawn, curves, pens) for drawn, curves in sketches])
        count, ari, length = rows.mean(0)
        print(f"{pens:g}: strokes {count:.2f} ({np.median(rows[:, 0]):.2f})  ARI {ari:.3f}  length {length:.2f}")


def with_curves() -> Iterator[tuple[Drawn, NDArray[np.intp]]]:
    """The sketches, and which curve each of their strokes is of."""
    with np.load(pen_file(SET)) as arrays:
        curves = np.split(arrays["cluster"], arrays["drawing_ptr"][1:-1])
    yield from zip(load_pen_set(SET), curves, strict=True)


def figures(drawn: Drawn, curves: NDArray[np.intp], pens: float) -> tuple[float, float, float]:
    """Strokes over curves, adjusted Rand index, and length over length, of one sketch."""
    ink = (1 - picture_of_paths(drawn) / 255.0).astype(np.float32)
    found = [polyline(chain)[0] for chain in trace(ink, Options(merge=pens))]
    whose = np.repeat(np.arange(len(found)), [len(line) for line in found])
    pen = [even(stroke, 1.0) for stroke in drawn.strokes]
    _, nearest = KDTree(np.concatenate(found)).query(np.concatenate(pen))
    ari = adjusted_rand_score(np.repeat(curves, [len(line) for line in pen]), whose[nearest])
    length = sum(map(length_of, found)) / sum(map(length_of, pen))
    return len(found) / len(np.unique(curves)), ari, length


def length_of(line: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


if __name__ == "__main__":
    main()
