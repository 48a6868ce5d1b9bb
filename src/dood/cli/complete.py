"""`dood complete`: what a partial drawing might become."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_output, add_reading, add_sampling, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood complete half.png --model mnist --out completed
  dood complete sketch.jpg --count 20 --temperature 0.7 --strokes 3
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "complete",
        run,
        "draw on where a picture ends",
        about="Draw on where a picture ends, in several ways: NAME-1.svg, NAME-1.json, ..., all of them in\n"
        "NAME-completed.png. The path of each file written is printed on stdout, one a line.",
        examples=EXAMPLES,
    )
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="image file of a partial drawing")
    add_output(parser)
    add_reading(parser, frame="image")
    add_sampling(parser, count=8, of="ways to go on")
    parser.add_argument("--strokes", type=whole(1), metavar="N", help="add at most N (default: the model's own number)")


def run(arguments: Namespace, console: Console) -> int:
    """Complete, and print the files."""
    from dood.tasks.complete import complete_files

    written = complete_files(
        arguments.picture,
        arguments.out,
        formats=arguments.format,
        model=arguments.model,
        count=arguments.count,
        temperature=arguments.temperature,
        strokes=arguments.strokes,
        seed=arguments.seed,
        polarity=arguments.polarity,
        frame=arguments.frame,
    )
    for path in written:
        print(path)
    console.note(f"completed {arguments.picture} in {arguments.count} ways; see {written[-1]}")
    return 0
