"""`dood generate`, `complete` and `exemplars`: drawings that nobody has drawn."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dood.cli.console import Console
from dood.cli.options import Count, Formats, Frame, Model, Out, Picture, Polarity, Positive, Quiet, Seed
from dood.cli.source import defaults

__all__ = ["complete", "exemplars", "generate"]

Temperature = Annotated[Positive, Parameter(metavar="T", help="Below 1 more typical and less varied.")]


@defaults("dood.tasks.generate:generate_files", format="formats")
def generate(
    *,
    model: Model,
    count: Count,
    out: Out = Path(),
    format: Formats,
    temperature: Temperature,
    strokes: Count | None,
    size: Count,
    seed: Seed,
    quiet: Quiet = False,
) -> None:
    """Make drawings up.

    Samples drawings from a model: each as 0001.svg, 0001.json and so on, and all
    of them in samples.png. Each file written is listed on stdout.

    examples:
      dood generate --model omniglot --out letters
      dood generate --model mnist --count 1000 --temperature 0.7 --format json

    Arguments:
        count: Drawings.
        strokes: At most so many strokes; as many as in training by default.
        size: Side of a drawing in pixels.
    """
    from dood.tasks.generate import generate_files

    written = generate_files(
        out, model, count, formats=format, temperature=temperature, strokes=strokes, size=size, seed=seed
    )
    _tell(written, f"generated {count} drawings", quiet)


@defaults("dood.tasks.complete:complete", "dood.tasks.complete:complete_files", format="formats")
def complete(
    picture: Picture,
    /,
    *,
    model: Model,
    count: Count,
    out: Out = Path(),
    format: Formats,
    temperature: Temperature,
    strokes: Count | None,
    polarity: Polarity,
    frame: Frame,
    seed: Seed,
    quiet: Quiet = False,
) -> None:
    """Draw on where a picture ends.

    Draws on in several ways: NAME-1.svg, NAME-1.json and so on, and all of them
    in NAME-completed.png. Each file written is listed on stdout.

    examples:
      dood complete half.png --model mnist --out completed
      dood complete sketch.jpg --count 20 --temperature 0.7 --strokes 3

    Arguments:
        picture: Image file of a partial drawing.
        count: Ways to go on.
        strokes: Add at most so many strokes; as many as a drawing had in training by default.
    """
    from dood.tasks.complete import complete_files

    written = complete_files(
        picture,
        out,
        formats=format,
        model=model,
        count=count,
        temperature=temperature,
        strokes=strokes,
        seed=seed,
        polarity=polarity,
        frame=frame,
    )
    _tell(written, f"completed {picture} in {count} ways", quiet)


@defaults("dood.tasks.exemplars:exemplars", "dood.tasks.exemplars:exemplars_files", format="formats")
def exemplars(
    picture: Picture,
    /,
    *,
    model: Model,
    count: Count,
    out: Out = Path(),
    format: Formats,
    temperature: Temperature,
    spreads: Annotated[Path | None, Parameter(metavar="FILE.json")],
    polarity: Polarity,
    frame: Frame,
    seed: Seed,
    quiet: Quiet = False,
) -> None:
    """Draw what is on a picture again.

    Draws it as another hand might: NAME-1.svg, NAME-1.json and so on, and all of
    them in NAME-exemplars.png. Each file written is listed on stdout.

    examples:
      dood exemplars letter.png --model omniglot --out again
      dood exemplars sketch.jpg --count 20 --temperature 0.5

    Arguments:
        picture: Image file of a drawing.
        count: New drawings.
        spreads: How far drawings differ, as `dood spreads` learns it; as in one picture by default.
    """
    from dood.tasks.exemplars import exemplars_files
    from dood.tasks.spreads import load_spreads

    written = exemplars_files(
        picture,
        out,
        formats=format,
        model=model,
        count=count,
        temperature=temperature,
        spreads=load_spreads(spreads) if spreads else None,
        seed=seed,
        polarity=polarity,
        frame=frame,
    )
    _tell(written, f"drew {picture} again in {count} ways", quiet)


def _tell(written: list[Path], done: str, quiet: bool) -> None:
    console = Console(quiet)
    console.files(written)
    console.note(f"{done}; see {written[-1]}")
