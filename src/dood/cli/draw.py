"""`dood draw`: pictures to strokes."""

import gc
from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_output, add_reading, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood draw scan.png
  dood draw scans/ more/*.png --out strokes --format svg,animated-svg,gif
  dood draw photo.jpg --strokes 30 --refine 200       # more strokes, fitted closer to the ink
  dood draw chalk.png --polarity light --samples 16   # light lines on dark; keep the best of 16
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "draw",
        run,
        "find the pen strokes of pictures",
        about="Find the pen strokes that drew each picture, in order, and write them as NAME.svg, NAME.json, ...\n"
        "The path of each file written is printed on stdout, one a line.",
        examples=EXAMPLES,
    )
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE", help="image file, or a folder of them")
    add_output(parser)
    add_reading(parser, frame="auto")
    parser.add_argument(
        "--strokes", type=whole(1), default=15, metavar="N", help="at most N strokes (default: %(default)s)"
    )
    parser.add_argument(
        "--samples", type=whole(1), default=1, metavar="N", help="keep the best of N tries (default: %(default)s)"
    )
    parser.add_argument(
        "--refine", type=whole(0), default=40, metavar="N", help="gradient steps after inference (default: %(default)s)"
    )
    parser.add_argument("--keep-all", action="store_true", help="keep strokes that bring the drawing no closer, too")
    parser.add_argument(
        "--batch", type=whole(1), default=64, metavar="N", help="pictures at a time (default: %(default)s)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of the tries (default: %(default)s)")


def run(arguments: Namespace, console: Console) -> int:
    """Draw; fail when any of the pictures did."""
    # Nothing that imports make is garbage: looking for it takes a tenth of the time that drawing one picture does.
    gc.disable()
    import torch

    from dood.tasks.draw import draw_files

    gc.freeze()
    gc.enable()
    if arguments.pictures[1:] == [] and arguments.pictures[0].is_file():
        # A second thread gains nothing on one picture, and on a busy machine waits for its turn a hundred times.
        torch.set_num_threads(1)
    with console.progress("drawing") as progress:
        report = draw_files(
            arguments.pictures,
            arguments.out,
            formats=arguments.format,
            model=arguments.model,
            strokes=arguments.strokes,
            samples=arguments.samples,
            seed=arguments.seed,
            refine=arguments.refine,
            prune=not arguments.keep_all,
            polarity=arguments.polarity,
            frame=arguments.frame,
            batch=arguments.batch,
            progress=progress,
        )
    for drawn in report.drawn:
        for output in drawn.outputs:
            print(output)
    for source, reason in report.failed:
        console.warn(reason if str(source) in reason else f"{source}: {reason}")
    console.note(f"drew {len(report.drawn)} of {len(report.drawn) + len(report.failed)} pictures")
    return 1 if report.failed else 0
