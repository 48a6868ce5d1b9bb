"""Kill the verbs and give odd files to every reader: what docs/robustness.md says, measured again.

python -m scripts.robustness
python -m scripts.robustness --quick --out /tmp/robustness.csv
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from dood.files import write_table
from scripts.kills import VERBS, Verb, campaign, preload
from scripts.odd_inputs import MEMORY, SECONDS, read_odd_inputs
from tests.readers import READERS

COLUMNS = ("what", "tried", "failed", "note")
KILLS = {"train": 100, "parse": 50, "draw": 50}
INPUTS = 2000
ODD = "odd"
PARTS = (*KILLS, ODD)
QUICK = 10
"""How many times less --quick does."""

Row = tuple[str, int, int, str]


def main() -> int:
    """Measure, and write the table; the exit code is 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("results/robustness.csv"))
    parser.add_argument("--quick", action="store_true", help="a tenth of the kills and of the odd files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="a part of it, for another table")
    arguments = parser.parse_args()
    less = QUICK if arguments.quick else 1
    rows: list[Row] = []
    preload()
    with tempfile.TemporaryDirectory(prefix="dood-robustness-") as scratch:
        for verb in (verb for verb in VERBS if verb.name in arguments.only):
            rows += _kills(verb, Path(scratch), KILLS[verb.name] // less, arguments.seed)
            write_table(arguments.out, COLUMNS, rows)
    rows += _odd_inputs(INPUTS // less, arguments.seed) if ODD in arguments.only else []
    write_table(arguments.out, COLUMNS, rows)
    return int(any(failed for _, _, failed, _ in rows))


def _kills(verb: Verb, scratch: Path, count: int, seed: int) -> list[Row]:
    tallies, steps = campaign(verb, scratch / verb.name, count, seed)
    kinds = ", ".join(f"{number} {kind}" for kind, number in Counter(steps).most_common())
    notes = {"at a moment": "uniform over a whole run", "at a file operation": f"of {len(steps)}: {kinds}"}
    rows = []
    for kind, tally in tallies.items():
        rows.append((f"{verb.name} killed {kind}", tally.tried, len(tally.failures), notes[kind]))
        _say(rows[-1], tally.failures)
    return rows


def _odd_inputs(count: int, seed: int) -> list[Row]:
    share = count / sum(reader.share for reader in READERS)
    rows = []
    for reader in READERS:
        reading = read_odd_inputs(reader, max(1, round(share * reader.share)), seed)
        note = f"{reading.refused} refused; at most {SECONDS} s and {MEMORY >> 30} GB; slowest {reading.slowest:.2f} s"
        met = "; ".join(f"{number} x {kind}" for kind, number in reading.kinds.items())
        rows.append((f"odd {reader.name}", reading.tried, len(reading.failures), f"{note}; {met}" if met else note))
        _say(rows[-1], reading.failures)
    tried, failed = (sum(row[i] for row in rows) for i in (1, 2))
    return [*rows, ("odd files of all kinds", tried, failed, f"seed {seed}")]


def _say(row: Row, failures: list[str]) -> None:
    print(f"{row[0]}: {row[2]} of {row[1]} failed", *failures, sep="\n  ", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
