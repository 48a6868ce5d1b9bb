"""`dood parse`: a large collection of images to strokes, in shards."""

import os
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from dood.cli.console import Console
from dood.cli.options import Count, Flag, Frame, Model, Polarity, Quiet, Seed, Whole
from dood.cli.source import defaults

__all__ = ["parse"]


@defaults("dood.collection.collection:parse_collection", "dood.collection.batch:PARSE_DEFAULTS")
def parse(
    inputs: Annotated[list[Path], Parameter(metavar="INPUT", negative="")],
    /,
    *,
    out: Annotated[Path, Parameter(metavar="DIR")],
    model: Model,
    split: Literal["all", "train", "test"],
    shard_size: Count,
    processes: Count,
    strokes: Count,
    samples: Count,
    refine: Whole,
    keep_all: Flag = False,
    polarity: Polarity,
    frame: Frame,
    batch: Count,
    seed: Seed,
    quiet: Quiet = False,
) -> int:
    """Find the pen strokes of millions of images.

    Finds them in shards, one file each. Finished shards are skipped, so the same
    command goes on where it was stopped. Each file written is listed on stdout.

    examples:
      dood parse shards/ --out strokes              # run it again to go on
      dood parse mnist.npz --split test --out strokes --strokes 6
      dood parse shards/ --out strokes --processes 8
      torchrun --nproc-per-node 8 -m dood parse shards/ --out strokes

    Arguments:
        inputs: .npz files of images, pictures, and folders of them.
        out: Folder to write to.
        split: Of .npz files.
        shard_size: Images to a file.
        processes: Start so many, a thread each.
        strokes: At most so many strokes.
        samples: Keep the best of so many tries.
        refine: Gradient steps after inference.
        keep_all: Keep strokes that bring the drawing no closer, too.
        batch: Images at a time.
    """
    import torch

    from dood.collection.collection import parse_collection

    # A second process gains more than a second thread.
    torch.set_num_threads(1)
    console = Console(quiet)
    with console.progress("parsing") as progress:
        outcome = parse_collection(
            inputs,
            out,
            model=model,
            shard_size=shard_size,
            split=split,
            polarity=polarity,
            batch=batch,
            processes=processes,
            rank=int(os.environ.get("RANK", "0")),
            world=int(os.environ.get("WORLD_SIZE", "1")),
            progress=progress,
            strokes=strokes,
            samples=samples,
            seed=seed,
            refine=refine,
            prune=not keep_all,
            frame=frame,
        )
    console.files(outcome.written)
    for name, reason in outcome.failed:
        console.warn(f"{name}: {reason}")
    if outcome.undrawn:
        console.warn(f"{outcome.undrawn} pictures could not be drawn: their records say why")
    kept = f", {outcome.kept} files were there" if outcome.kept else ""
    console.note(f"parsed {outcome.images} images into {len(outcome.written)} files{kept}")
    return 1 if outcome.failed else 0
