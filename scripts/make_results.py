"""Measure a model on the test images of all five sets, and write results/NAME.csv and a Markdown table beside it.

python scripts/make_results.py --model mnist --limit 1000
"""

import argparse
import csv
import io
from dataclasses import asdict
from pathlib import Path

from dood.data import load
from dood.files import atomic_write, make_folder
from dood.tasks.evaluate import evaluate

SETS = ("mnist", "emnist", "kmnist", "quickdraw", "omniglot")
AUTHORS = {"mnist": 7094.0, "emnist": 4413.9, "kmnist": -2859.4, "quickdraw": -2531.6, "omniglot": 4808.4}
"""Bound of the authors' DooD trained on MNIST (Figure 4, left); the middle three on other images of the set."""


def main() -> None:
    """Measure, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="mnist")
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--out", type=Path, default=Path("results"))
    arguments = parser.parse_args()
    rows = []
    for name in SETS:
        measured = evaluate(arguments.model, name, samples=arguments.samples, limit=arguments.limit)
        identity = {"model": arguments.model, "dataset": name, "samples": arguments.samples}
        rows.append({**identity, **asdict(measured), "authors_bound": AUTHORS[name], "data_sha256": load(name).sha256})
        print(rows[-1], flush=True)
    folder = make_folder(arguments.out)
    stem = f"{Path(arguments.model).stem}-on-all"
    write(folder / f"{stem}.csv", as_csv(rows))
    write(folder / f"{stem}.md", as_markdown(rows, command(arguments)))


def as_csv(rows: list[dict]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_markdown(rows: list[dict], made_by: str) -> str:
    """The table of the README."""
    lines = [
        "| test images | bound, nats | the authors' | squared error | absolute error | strokes |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row['dataset']} ({row['images']}) | {row['bound']:.0f} | {row['authors_bound']:.0f} |"
            f" {row['mse']:.4f} | {row['mae']:.4f} | {row['strokes']:.2f} |"
        )
    return "\n".join([*lines, "", f"`{made_by}`", ""])


def command(arguments: argparse.Namespace) -> str:
    limit = f" --limit {arguments.limit}" if arguments.limit else ""
    return f"python scripts/make_results.py --model {arguments.model} --samples {arguments.samples}{limit}"


def write(path: Path, text: str) -> None:
    with atomic_write(path) as file:
        file.write(text.encode())


if __name__ == "__main__":
    main()
