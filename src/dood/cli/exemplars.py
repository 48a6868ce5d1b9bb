"""`dood exemplars`: a drawing drawn again, in other ways."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_output, add_reading, add_sampling, add_verb
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood exemplars letter.png --model omniglot --out again
  dood exemplars sketch.jpg --count 20 --temperature 0.5
  dood exemplars letter.png --spreads spreads.json             # as `dood spreads` learns them
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "exemplars",
        run,
        "draw what is on a picture again",
        about="Draw what is on a picture again, as another hand might: NAME-1.svg, NAME-1.json, ..., all of them in\n"
        "NAME-exemplars.png. The path of each file written is printed on stdout, one a line.",
        examples=EXAMPLES,
    )
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="image file of a drawing")
    add_output(parser)
    add_reading(parser, frame="auto")
    add_sampling(parser, count=8, of="new drawings")
    parser.add_argument(
        "--spreads", type=Path, metavar="FILE.json", help="how far drawings differ (default: as in one picture)"
    )


def run(arguments: Namespace, console: Console) -> int:
    """Draw again, and print the files."""
    from dood.tasks.exemplars import exemplars_files
    from dood.tasks.spreads import load_spreads

    written = exemplars_files(
        arguments.picture,
        arguments.out,
        formats=arguments.format,
        model=arguments.model,
        count=arguments.count,
        temperature=arguments.temperature,
        spreads=load_spreads(arguments.spreads) if arguments.spreads else None,
        seed=arguments.seed,
        polarity=arguments.polarity,
        frame=arguments.frame,
    )
    for path in written:
        print(path)
    console.note(f"drew {arguments.picture} again in {arguments.count} ways; see {written[-1]}")
    return 0
