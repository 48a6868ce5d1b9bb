"""`dood generate`, `complete`, `exemplars` and `invent`: drawings that nobody has drawn."""

from pathlib import Path
from typing import Any

from dood.cli.console import console, say
from dood.cli.front import UsageError
from dood.cli.options import HERE, Choice, File, Folder, Paths
from dood.cli.verbs import verb

__all__ = ["complete", "exemplars", "generate", "invent"]


@verb("dood.tasks.generate:generate_files")
def generate(*, out: Folder = HERE, **options: Any) -> None:
    """Make drawings up.

    Samples drawings from a model: each as 0001.svg, 0001.json and so on, and all
    of them in samples.png. Each file written is listed on stdout.

    examples:
      dood generate --model omniglot --out letters
      dood generate --model mnist --count 1000 --temperature 0.7 --format json
    """
    from dood.tasks.generate import generate_files

    _tell(generate_files(out, **options), f"generated {options['count']} drawings")


@verb("dood.tasks.complete:complete", "dood.tasks.complete:complete_files")
def complete(picture: File, /, *, out: Folder = HERE, **options: Any) -> None:
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

    _tell(complete_files(picture, out, **options), f"completed {picture} in {options['count']} ways")


@verb("dood.tasks.exemplars:exemplars", "dood.tasks.exemplars:exemplars_files")
def exemplars(
    picture: File, /, *, out: Folder = HERE, style: Paths | None = None, spreads: File | None = None, **options: Any
) -> None:
    """Draw what is on a picture again.

    Draws it as another hand might, or as the hand of some pictures would
    (--style), whatever they show: NAME-1.svg, NAME-1.json and so on, and all of
    them in NAME-exemplars.png. Each file written is listed on stdout.

    examples:
      dood exemplars sketch.jpg --out again
      dood exemplars sketch.jpg --count 20 --temperature 0.5
      dood exemplars sign.png --style hers/        # as she would, who drew those
      dood exemplars letter.png --model omniglot   # as the paper does

    Arguments:
        picture: Image file of a drawing.
        model: Read on the one canvas of this model, as the paper does; dood traces by default.
        style: Drawings by one hand, files or folders of them, on pages as large as the picture.
        spreads: How far drawings differ, as `dood spreads` learns it; as in one picture by default.
    """
    from dood.concepts.spreads import load_spreads
    from dood.tasks.exemplars import exemplars_files

    learned = load_spreads(spreads) if spreads else None
    written = exemplars_files(picture, out, style=style, spreads=learned, **options)
    _tell(written, f"drew {picture} again in {options['count']} ways")


@verb("dood.tasks.invent:invent", "dood.tasks.invent:invent_files")
def invent(*pictures: Path, data: Choice | None = None, out: Folder = HERE, **options: Any) -> None:
    """Invent characters of a script.

    Makes up characters that look as if they belonged to the script of those in
    the pictures, one character in each; some ten of them will do. Of drawings of
    many scripts (--data), characters of no script in particular. Writes each as
    0001.svg, 0001.json and so on, and the given ones above the new ones in
    invented.png. Each file written is listed on stdout.

    examples:
      dood invent runes/ --out more
      dood invent a.png b.png c.png d.png --count 50 --format svg
      dood invent --data omniglot     # of no script in particular

    Arguments:
        pictures: Image files of a character each, or folders of them.
        data: Data set, as `dood data list` names it: 200 of its drawings are given; none by default.
    """
    if not pictures and not data:
        raise UsageError("give pictures of a script, or --data NAME for drawings of a data set")
    from dood.tasks.invent import invent_files

    with console.progress("inventing") as progress:
        written = invent_files(list(pictures), out, data=data, progress=progress, **options)
    made, wanted = (len(written) - 1) // len(options["formats"]), options["count"]
    say(*written)
    fewer = "" if made == wanted else f" of {wanted}: no others were new; give more pictures"
    console.note(f"invented {made} characters{fewer}; see {written[-1]}")


def _tell(written: list[Path], done: str) -> None:
    say(*written)
    console.note(f"{done}; see {written[-1]}")
