"""Run the benchmarks named, or all of them and record the figures in results/bench.json."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.report import as_text, write
from benchmarks.timing import ROOT, Result, machine

NAMES = ("renderer", "training", "ceiling", "processes", "parsing", "bound", "cold_start", "install", "studio")
OUT = ROOT / "results" / "bench.json"


def main() -> int:
    """Measure, print, and record where everything was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="JSON file to write (all: results/bench.json)")
    arguments = parser.parse_args()
    if unknown := sorted({*arguments.names} - {*NAMES}):
        parser.error(f"unknown benchmark {unknown[0]!r}: choose from {', '.join(NAMES)}")
    facts = machine()
    print(*(f"{name}: {value}" for name, value in facts.items()), "", sep="\n")
    whole = Result({}, {})
    for name in arguments.names or NAMES:
        print(f"measuring {name} ...", file=sys.stderr)
        part = import_module(f"benchmarks.{name}").run()
        whole.figures.update(part.figures)
        whole.growth.update(part.growth)
    print(as_text(whole))
    out = arguments.out or (None if arguments.names else OUT)
    if out:
        write(whole, facts, out)
        print(f"\nwritten to {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
