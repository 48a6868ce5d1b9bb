"""`dood parse`: a large collection of images to strokes, in shards."""

import os
from pathlib import Path
from typing import Any

from dood.cli.console import complain, console, say
from dood.cli.options import Folder
from dood.cli.verbs import verb

__all__ = ["parse"]


@verb("dood.collection.collection:parse_collection", "dood.collection.batch:PARSE_DEFAULTS")
def parse(source: Path, /, *sources: Path, out: Folder, **options: Any) -> int:
    """Find the pen strokes of millions of images.

    Finds them in shards, one file each. Finished shards are skipped, so the same
    command goes on where it was stopped. Each file written is listed on stdout.

    examples:
      dood parse shards/ --out strokes              # run it again to go on
      dood parse mnist.npz --split test --out strokes --strokes 6
      dood parse shards/ --out strokes --processes 8
      torchrun --nproc-per-node 8 -m dood parse shards/ --out strokes

    Arguments:
        source: .npz file of images, picture, or a folder of them.
        sources: More of them.
        strokes: At most so many strokes.
    """
    from dood.collection.collection import parse_collection

    place = {"rank": int(os.environ.get("RANK", "0")), "world": int(os.environ.get("WORLD_SIZE", "1"))}
    with console.progress("parsing") as progress:
        outcome = parse_collection([source, *sources], out, progress=progress, **place, **options)
    say(*outcome.written)
    for name, reason in outcome.failed:
        complain(f"{name}: {reason}")
    if outcome.undrawn:
        complain(f"{outcome.undrawn} pictures could not be drawn: their records say why")
    kept = f", {outcome.kept} files were there" if outcome.kept else ""
    console.note(f"parsed {outcome.images} images into {len(outcome.written)} files{kept}")
    return 1 if outcome.failed else 0
