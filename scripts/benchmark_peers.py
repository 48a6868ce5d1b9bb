"""Measure programs that turn pictures into lines, dood among them, against people's pen paths.

    pip install sknw pyautotrace vtracer potracer        # those that are not installed are skipped, and it says so
    python scripts/benchmark_peers.py --out results/pens.csv

sknw and AutoTrace give centre lines without widths: theirs is the pen's mean width by the distance transform on the
skeleton. vtracer and potrace give outlines, which are closed strokes around the ink; they stand here because people
try them.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from dood.evaluation.pen_measures import Found
from dood.evaluation.pen_pictures import Look
from dood.evaluation.pens import LIMIT, MEASURES, SETS, Finder, Row, benchmark_pens, dood_finder
from dood.evaluation.svg_lines import svg_lines
from dood.files import write_table
from dood.tracing.thinning import thinned

Picture = NDArray[np.uint8]

LOOKS = (Look(), Look(scale=2.0), Look(pen=1.5), Look(noise=0.1))
"""How the pictures are made. The peers are measured at the first; dood and the tidy skeleton at all."""


AUTOTRACE_SHIFT = np.array([0.5, -0.5])
"""From where its SVGs put the middle of a pixel to where that is, in its favour."""


def pen_of(ink: NDArray[np.bool_], skeleton: NDArray[np.bool_]) -> float:
    """Mean width of the pen on the skeleton."""
    depth: Any = distance_transform_edt(ink)
    return float(2 * depth[skeleton].mean() - 0.5) if skeleton.any() else 1.0


def sknw_lines(sknw: Any, picture: Picture) -> Found:
    """scikit-image's thinning, and the graph of it."""
    ink = picture < 128
    skeleton = thinned(ink)
    graph = sknw.build_sknw(skeleton.astype(np.uint16), multi=True)
    lines = [edge["pts"][:, ::-1] + 0.5 for _, _, edge in graph.edges(data=True) if len(edge["pts"])]
    return Found(lines, [pen_of(ink, skeleton)] * len(lines))


def autotrace_lines(autotrace: Any, picture: Picture) -> Found:
    """AutoTrace's centre lines, with its defaults otherwise."""
    bitmap = autotrace.Bitmap(np.repeat(np.where(picture < 128, 0, 255).astype(np.uint8)[..., None], 3, 2))
    white = autotrace.Color(255, 255, 255)
    text = bitmap.trace(centerline=True, background_color=white).encode("svg")
    height, width = picture.shape
    lines, _ = svg_lines(text if isinstance(text, str) else text.decode(), (width, height))
    ink = picture < 128
    return Found([line + AUTOTRACE_SHIFT for line in lines], [pen_of(ink, thinned(ink))] * len(lines))


def vtracer_lines(vtracer: Any, picture: Picture) -> Found:
    """vtracer's outlines of the dark parts."""
    height, width = picture.shape
    rgba = np.dstack([np.where(picture < 128, 0, 255).astype(np.uint8)] * 3 + [np.full_like(picture, 255)])
    pixels = [tuple(pixel) for pixel in rgba.reshape(-1, 4).tolist()]
    text = vtracer.convert_pixels_to_svg(pixels, size=(width, height), colormode="binary")
    return Found(*svg_lines(text, (width, height)))


def potrace_lines(potrace: Any, picture: Picture) -> Found:
    """potrace's outlines."""
    lines = []
    for curve in potrace.Bitmap(picture >= 128).trace():  # what is false is traced
        at, parts = curve.start_point, [f"M{curve.start_point.x},{curve.start_point.y}"]
        for segment in curve.segments:
            bends = [segment.c] if segment.is_corner else [segment.c1, segment.c2]
            at = segment.end_point
            parts.append(("L" if segment.is_corner else "C") + " ".join(f"{p.x},{p.y}" for p in [*bends, at]))
        height, width = picture.shape
        lines += svg_lines(f'<svg><path d="{" ".join(parts)} Z"/></svg>', (width, height))[0]
    return Found(lines, [1.0] * len(lines))


PEERS: dict[str, tuple[str, Callable[[Any, Picture], Found]]] = {
    "skimage + sknw": ("sknw", sknw_lines),
    "autotrace": ("autotrace", autotrace_lines),
    "vtracer": ("vtracer", vtracer_lines),
    "potrace": ("potrace", potrace_lines),
}
"""Name in the table, module, and what finds its strokes."""


def installed() -> dict[str, Finder]:
    """The peers that are here."""
    found: dict[str, Finder] = {}
    for name, (module, find) in PEERS.items():
        try:
            found[name] = partial(find, import_module(module))
            found[name](np.pad(np.zeros((2, 20), np.uint8), 9, constant_values=255))  # what it compiles is not timed
        except ImportError:
            print(f"{name} is skipped: the module {module} is not installed", file=sys.stderr)
    return found


def main() -> None:
    """Write the table, and print a line a method."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("results/pens.csv"))
    parser.add_argument("--limit", type=int, default=LIMIT)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--models", nargs="*", default=[], help="read on one canvas, at the first look only")
    arguments = parser.parse_args()
    rows: list[Row] = []

    def measure(source: str | Finder, name: str, look: Look) -> None:
        new = benchmark_pens(source, arguments.sets, name=name, look=look, limit=arguments.limit, baseline=False)
        rows.extend(new)
        write_table(arguments.out, Row._fields, rows)
        last = {row.measure: row.value for row in new if row.set == new[-1].set}
        print(name, look, *(f"{key} {last[key]:.2f}" for key in MEASURES if key in last), flush=True)

    for look in LOOKS:
        for name in ("dood", "tidy"):
            measure(name, name, look)
    for model in arguments.models:
        measure(dood_finder(model), f"dood ({model})", LOOKS[0])
    for name, find in installed().items():
        measure(find, name, LOOKS[0])


if __name__ == "__main__":
    main()
