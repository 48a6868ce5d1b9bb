"""`dood classify`: which class a drawing is of, given one example of each."""

import json as to_json
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

from dood.cli.console import console, say
from dood.cli.front import UsageError
from dood.cli.options import File, Flag, Folder, Table
from dood.cli.verbs import verb

if TYPE_CHECKING:
    from dood.tasks.oneshot import Answer, Run

__all__ = ["classify"]


@verb("dood.tasks.oneshot:classify")
def classify(
    *queries: Path,
    support: Folder | None = None,
    runs: File | None = None,
    table: Table | None = None,
    two_way: Flag = False,
    json: Flag = False,
    **options: Any,
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
        runs: Instead of them: an .npz file with train_images, test_images and answers of runs.
        table: With --runs: a table of them.
        two_way: Also ask how well the query explains the examples.
        json: Print JSON on stdout.
    """
    from dood.tasks import oneshot

    options["scoring"] = "two-way" if two_way else "one-way"
    if (runs is None) == (support is None):
        raise UsageError("give either --support DIR with pictures to classify, or --runs FILE.npz")
    if support is not None:
        if not queries:
            raise UsageError("give pictures to classify")
        if table is not None:
            raise UsageError("--out is for --runs: the answers are printed on stdout")
        answers = oneshot.classify(support, queries, **options)
        say(*(_as_json(answer) if json else _as_line(answer) for answer in answers))
    elif runs is not None:
        if queries:
            raise UsageError(f"--runs has its own queries: leave out {queries[0]}")
        del options["polarity"]
        with console.progress("runs") as progress:
            rows = oneshot.classify_runs(runs, table, progress=progress, **options)
        _tell_runs(rows, json)


def _tell_runs(rows: "list[Run]", as_json: bool) -> None:
    accuracies = [row.accuracy for row in rows]
    if as_json:
        seconds = sum(row.seconds for row in rows)
        return say(to_json.dumps({"accuracy": fmean(accuracies), "per_run": accuracies, "seconds": seconds}))
    say(*(f"run {row.run:3}  accuracy {row.accuracy:.3f}  seconds {row.seconds:.1f}" for row in rows))
    mean, deviation = fmean(accuracies), pstdev(accuracies)
    say(f"{rows[0].scoring}: accuracy {mean:.3f}, standard deviation over runs {deviation:.3f}")


def _as_json(answer: "Answer") -> str:
    probable = dict(zip(answer.classes, answer.probabilities, strict=True))
    named = {"query": str(answer.query), "class": answer.classes[0], "known": answer.known, "none": answer.none}
    return to_json.dumps(named | {"probabilities": probable})


def _as_line(answer: "Answer") -> str:
    pairs = zip(answer.classes, answer.probabilities, strict=True)
    best = [f"{name} ({probability:.2f})" for name, probability in pairs if probability >= 0.01]
    none = f"none of these ({1 - answer.known:.2f}), or else " if answer.none else ""
    return f"{answer.query}: {none}{', '.join(best[:3])}"
