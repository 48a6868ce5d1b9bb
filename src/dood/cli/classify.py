"""`dood classify`: which class a drawing is of, given one example of each."""

import json
from argparse import Namespace
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

from dood.cli.arguments import UsageError, Verbs, add_verb
from dood.cli.console import Console

if TYPE_CHECKING:
    from dood.tasks.oneshot import Answer, Run

__all__ = ["add", "run"]

EXAMPLES = """\
  dood classify --support letters/ unknown1.png unknown2.png
  dood classify --support letters/ scans/ --two-way --json
  dood classify --runs omniglot_oneshot.npz --out oneshot.csv     # the protocol of Lake et al.
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "classify",
        run,
        "classify drawings from one example of each class",
        about="Say which class each drawing is of, given a folder with one example of each class (named after it), or\n"
        "with a folder of examples for each class; or score the runs of the one-shot protocol in a file.",
        examples=EXAMPLES,
    )
    parser.add_argument("queries", nargs="*", type=Path, metavar="QUERY", help="image file, or a folder of them")
    parser.add_argument("--support", type=Path, metavar="DIR", help="examples: DIR/CLASS.png, or DIR/CLASS/*.png")
    parser.add_argument("--runs", type=Path, metavar="FILE.npz", help="train_images, test_images and answers of runs")
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="with --runs: a table of them")
    parser.add_argument("--model", default="omniglot", help="shipped name, file or run folder (default: %(default)s)")
    parser.add_argument("--two-way", action="store_true", help="also ask how well the query explains the examples")
    parser.add_argument(
        "--polarity", choices=("auto", "dark", "light"), default="auto", help="which is ink (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON on stdout")


def run(arguments: Namespace, console: Console) -> int:
    """Classify, and print a line a query; or score runs, and print a line a run and the mean."""
    if (arguments.runs is None) == (arguments.support is None):
        raise UsageError("give either --support DIR with pictures to classify, or --runs FILE.npz")
    scoring = "two-way" if arguments.two_way else "one-way"
    if arguments.runs is not None:
        if arguments.queries:
            raise UsageError(f"--runs has its own queries: leave out {arguments.queries[0]}")
        return _score_runs(arguments, console, scoring)
    if not arguments.queries:
        raise UsageError("give pictures to classify")
    if arguments.out is not None:
        raise UsageError("--out is for --runs: the answers are printed on stdout")
    from dood.tasks.oneshot import classify

    answers = classify(
        arguments.support, arguments.queries, model=arguments.model, scoring=scoring, polarity=arguments.polarity
    )
    for answer in answers:
        print(json.dumps(_as_json(answer)) if arguments.json else _as_line(answer))
    return 0


def _score_runs(arguments: Namespace, console: Console, scoring: str) -> int:
    from dood.tasks.oneshot import classify_runs

    with console.progress("runs") as progress:
        rows = classify_runs(arguments.runs, arguments.out, model=arguments.model, scoring=scoring, progress=progress)
    if arguments.json:
        print(json.dumps(_summary(rows)))
        return 0
    for row in rows:
        print(f"run {row.run:3}  accuracy {row.accuracy:.3f}  seconds {row.seconds:.1f}")
    accuracies = [row.accuracy for row in rows]
    print(f"{scoring}: accuracy {fmean(accuracies):.3f}, standard deviation over runs {pstdev(accuracies):.3f}")
    return 0


def _summary(rows: "list[Run]") -> dict[str, object]:
    accuracies = [row.accuracy for row in rows]
    return {"accuracy": fmean(accuracies), "per_run": accuracies, "seconds": sum(row.seconds for row in rows)}


def _as_json(answer: "Answer") -> dict[str, object]:
    probable = dict(zip(answer.classes, answer.probabilities, strict=True))
    return {"query": str(answer.query), "class": answer.classes[0], "probabilities": probable}


def _as_line(answer: "Answer") -> str:
    best = [
        f"{name} ({probability:.2f})"
        for name, probability in zip(answer.classes, answer.probabilities, strict=True)
        if probability >= 0.01
    ]
    return f"{answer.query}: {', '.join(best[:3])}"
