"""`dood parse`: a large collection of images to strokes, in shards."""

import os
from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood parse shards/ --out strokes                            # .npz files or pictures; run again to go on
  dood parse mnist.npz --split test --out strokes --strokes 6
  dood parse shards/ --out strokes --processes 8              # one machine
  torchrun --nproc-per-node 8 -m dood parse shards/ --out strokes   # one or several machines, one folder
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "parse",
        run,
        "find the pen strokes of millions of images",
        about="Find the pen strokes of large collections, in shards, one file each.\n"
        "Finished shards are skipped, so the same command goes on where it was stopped. The path of each\n"
        "file written is printed on stdout.",
        examples=EXAMPLES,
    )
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help=".npz file of images, picture, or a folder of them"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    parser.add_argument(
        "--split", choices=("all", "train", "test"), default="all", help="of .npz files (default: %(default)s)"
    )
    parser.add_argument(
        "--shard-size", type=whole(1), default=2000, metavar="N", help="images to a file (default: %(default)s)"
    )
    parser.add_argument(
        "--processes", type=whole(1), default=1, metavar="N", help="start N, a thread each (default: %(default)s)"
    )
    parser.add_argument("--model", default="all", help="shipped name, file or run folder (default: %(default)s)")
    parser.add_argument(
        "--strokes", type=whole(1), default=15, metavar="N", help="at most N strokes (default: %(default)s)"
    )
    parser.add_argument(
        "--samples", type=whole(1), default=1, metavar="N", help="keep the best of N tries (default: %(default)s)"
    )
    parser.add_argument(
        "--refine", type=whole(0), default=0, metavar="N", help="gradient steps after inference (default: %(default)s)"
    )
    parser.add_argument("--keep-all", action="store_true", help="keep strokes that bring the drawing no closer, too")
    parser.add_argument(
        "--polarity", choices=("auto", "dark", "light"), default="auto", help="ink of pictures (default: %(default)s)"
    )
    parser.add_argument("--frame", default="auto", help="how the canvas lies on a picture (default: %(default)s)")
    parser.add_argument(
        "--batch", type=whole(1), default=64, metavar="N", help="images at a time (default: %(default)s)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of the tries (default: %(default)s)")


def run(arguments: Namespace, console: Console) -> int:
    """Parse this process's part of the collection; fail when a shard did."""
    import torch

    from dood.collection.collection import parse_collection

    # A second process gains more than a second thread.
    torch.set_num_threads(1)
    with console.progress("parsing") as progress:
        outcome = parse_collection(
            arguments.inputs,
            arguments.out,
            model=arguments.model,
            shard_size=arguments.shard_size,
            split=arguments.split,
            polarity=arguments.polarity,
            batch=arguments.batch,
            processes=arguments.processes,
            rank=int(os.environ.get("RANK", "0")),
            world=int(os.environ.get("WORLD_SIZE", "1")),
            progress=progress,
            strokes=arguments.strokes,
            samples=arguments.samples,
            seed=arguments.seed,
            refine=arguments.refine,
            prune=not arguments.keep_all,
            frame=arguments.frame,
        )
    for path in outcome.written:
        print(path)
    for name, reason in outcome.failed:
        console.warn(f"{name}: {reason}")
    if outcome.undrawn:
        console.warn(f"{outcome.undrawn} pictures could not be drawn: their records say why")
    kept = f", {outcome.kept} files were there" if outcome.kept else ""
    console.note(f"parsed {outcome.images} images into {len(outcome.written)} files{kept}")
    return 1 if outcome.failed else 0
