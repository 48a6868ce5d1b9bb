"""`dood evaluate`: the numbers of a model on a test set."""

import json
from argparse import Namespace
from dataclasses import asdict

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood evaluate --data mnist
  dood evaluate --model runs/omniglot --data omniglot --limit 1000 --samples 20
  dood evaluate --model mnist --data kmnist --json > kmnist.json
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "evaluate",
        run,
        "measure a model on a test set",
        about="Measure how well a model explains and redraws the test images of a data set; ± is the standard error.",
        examples=EXAMPLES,
    )
    parser.add_argument("--model", default="all", help="shipped name, file or run folder (default: %(default)s)")
    parser.add_argument("--data", required=True, metavar="NAME", help="data set name or file; see `dood data list`")
    parser.add_argument(
        "--samples", type=whole(1), default=200, metavar="K", help="particles of the bound (default: %(default)s)"
    )
    parser.add_argument("--limit", type=whole(1), metavar="N", help="N evenly spaced test images only (default: all)")
    parser.add_argument("--strokes", type=whole(1), metavar="N", help="at most N strokes (default: the model's own)")
    parser.add_argument(
        "--fit",
        type=whole(0),
        default=0,
        metavar="STEPS",
        help="gradient steps that fit the posterior to each image; 0 is the paper's protocol (default: %(default)s)",
    )
    parser.add_argument(
        "--resolution", type=whole(1), metavar="N", help="images of N x N pixels (default: as in training)"
    )
    parser.add_argument(
        "--batch", type=whole(1), default=64, metavar="N", help="images at a time (default: %(default)s)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of the samples (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")


def run(arguments: Namespace, console: Console) -> int:
    """Evaluate, and print a table or JSON."""
    from dood.evaluation.evaluate import evaluate

    with console.progress("evaluating") as progress:
        evaluation = evaluate(
            arguments.model,
            arguments.data,
            samples=arguments.samples,
            limit=arguments.limit,
            strokes=arguments.strokes,
            resolution=arguments.resolution,
            fit_steps=arguments.fit,
            seed=arguments.seed,
            batch=arguments.batch,
            progress=progress,
        )
    if evaluation.note:
        console.warn(evaluation.note)
    if arguments.json:
        print(json.dumps(asdict(evaluation)))
        return 0
    print(f"{arguments.model} on {evaluation.images} test images of {arguments.data}")
    bound, mse = margin(evaluation.stderr, 1), margin(evaluation.mse_stderr, 5)
    print(
        f"  bound    {evaluation.bound:10.1f}{bound}  nats an image, {arguments.samples} particles (higher is better)"
    )
    print(f"  mse      {evaluation.mse:10.5f}{mse}  mean squared pixel error")
    print(f"  mae      {evaluation.mae:10.5f}  mean absolute pixel error")
    print(f"  strokes  {evaluation.strokes:10.2f}  mean number of strokes")
    print(f"  seconds  {evaluation.seconds:10.1f}")
    return 0


def margin(stderr: float | None, digits: int) -> str:
    """The standard error over images, where there is one."""
    return "" if stderr is None else f" ± {stderr:.{digits}f}"
