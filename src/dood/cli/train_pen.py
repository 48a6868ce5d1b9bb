"""`dood train-pen`: learn how people's pens go, from their pen paths."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood train-pen --out walker.safetensors
  dood train-pen --data-dir ../shared/data --out walker.safetensors --seed 1
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "train-pen",
        run,
        "learn joints, direction and order of strokes from pen paths",
        about="Learn from people's pen paths where a stroke goes on, and in which direction and order strokes are\n"
        "drawn: the small network by which `dood draw` makes strokes of lines.",
        examples=EXAMPLES,
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.safetensors", help="the weights")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="folder that holds pen/ (default: DOOD_DATA)")
    parser.add_argument("--steps", type=whole(1), default=6000, metavar="N", help="updates (default: %(default)s)")
    parser.add_argument("--seed", type=whole(0), default=0, metavar="N", help="of all that is random (default: 0)")


def run(arguments: Namespace, console: Console) -> int:
    """Learn from all sets but for what is held out of each."""
    from dood.training.pen import PenConfig, train_pen

    def follow(step: int, steps: int, loss: float) -> None:
        console.note(f"step {step}/{steps}  nats a move {loss:.4f}")

    config = PenConfig(steps=arguments.steps)
    path = train_pen(arguments.data_dir, arguments.out, seed=arguments.seed, config=config, progress=follow)
    console.note(f"wrote {path}")
    return 0
