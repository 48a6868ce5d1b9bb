"""`dood classify`: which class a drawing is of, given one example of each."""

import json
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from dood.cli.app import UsageError
from dood.cli.console import Console, say
from dood.cli.options import Flag, Model, Picture, Polarity, Quiet, Table
from dood.cli.source import defaults

if TYPE_CHECKING:
    from dood.tasks.oneshot import Answer, Run

__all__ = ["classify"]


@defaults("dood.tasks.oneshot:classify")
def classify(
    queries: Annotated[tuple[Picture, ...], Parameter(negative="", metavar="QUERY", show_default=False)] = (),
    /,
    *,
    support: Annotated[Path | None, Parameter(metavar="DIR")] = None,
    runs: Annotated[Path | None, Parameter(metavar="FILE.npz")] = None,
    out: Table | None = None,
    model: Model,
    two_way: Flag = False,
    polarity: Polarity,
    json: Flag = False,
    quiet: Quiet = False,
) -> None:
    """Classify drawings from one example of each class.

    Says which class each drawing is of, given a folder with one example of each
    class (named after it), or with a folder of examples for each class; or
    scores the runs of the one-shot protocol in a file.

    examples:
      dood classify --support letters/ unknown1.png unknown2.png
      dood classify --support letters/ scans/ --two-way --json
      dood classify --runs omniglot_oneshot.npz --out oneshot.csv   # Lake et al.

    Arguments:
        queries: Image files, and folders of them.
        support: Examples, unless there are --runs: DIR/CLASS.png, or DIR/CLASS/*.png.
        runs: Instead: train_images, test_images and answers of runs.
        out: With --runs: a table of them.
        two_way: Also ask how well the query explains the examples.
        json: Print JSON on stdout.
    """
    scoring, console = "two-way" if two_way else "one-way", Console(quiet)
    if (runs is None) == (support is None):
        raise UsageError("give either --support DIR with pictures to classify, or --runs FILE.npz")
    if runs is not None:
        if queries:
            raise UsageError(f"--runs has its own queries: leave out {queries[0]}")
        from dood.tasks.oneshot import classify_runs

        with console.progress("runs") as progress:
            rows = classify_runs(runs, out, model=model, scoring=scoring, progress=progress)
        _tell_runs(rows, scoring, json)
    elif support is not None:
        if not queries:
            raise UsageError("give pictures to classify")
        if out is not None:
            raise UsageError("--out is for --runs: the answers are printed on stdout")
        from dood.tasks import oneshot

        for answer in oneshot.classify(support, queries, model=model, scoring=scoring, polarity=polarity):
            say(_as_json(answer) if json else _as_line(answer))


def _tell_runs(rows: "list[Run]", scoring: str, as_json: bool) -> None:
    accuracies = [row.accuracy for row in rows]
    if as_json:
        seconds = sum(row.seconds for row in rows)
        say(json.dumps({"accuracy": fmean(accuracies), "per_run": accuracies, "seconds": seconds}))
        return
    for row in rows:
        say(f"run {row.run:3}  accuracy {row.accuracy:.3f}  seconds {row.seconds:.1f}")
    say(f"{scoring}: accuracy {fmean(accuracies):.3f}, standard deviation over runs {pstdev(accuracies):.3f}")


def _as_json(answer: "Answer") -> str:
    probable = dict(zip(answer.classes, answer.probabilities, strict=True))
    return json.dumps({"query": str(answer.query), "class": answer.classes[0], "probabilities": probable})


def _as_line(answer: "Answer") -> str:
    best = [
        f"{name} ({probability:.2f})"
        for name, probability in zip(answer.classes, answer.probabilities, strict=True)
        if probability >= 0.01
    ]
    return f"{answer.query}: {', '.join(best[:3])}"
