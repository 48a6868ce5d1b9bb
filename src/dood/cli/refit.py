"""`dood refit`: give a trained model a better prior."""

from argparse import Namespace
from pathlib import Path

from dood.cli.arguments import Verbs, add_verb, whole
from dood.cli.console import Console

__all__ = ["add", "run"]

EXAMPLES = """\
  dood refit mnist --out mnist-refit.safetensors
  dood refit runs/omniglot --out omniglot-refit.safetensors --steps 24000 --passes 8
  dood generate --model mnist-refit.safetensors --out samples
"""


def add(verbs: Verbs) -> None:
    """Describe the verb."""
    parser = add_verb(
        verbs,
        "refit",
        run,
        "give a trained model a better prior",
        about="Learn a prior from what a trained model infers of its training images, and write the model with it in\n"
        "place of its own: it draws the same strokes of an image, and samples that are closer to real drawings.",
        examples=EXAMPLES,
    )
    parser.add_argument("model", metavar="MODEL", help="shipped name, file or run folder")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.safetensors", help="the new model")
    parser.add_argument("--data", metavar="NAME", help="data set (default: what the model was trained on)")
    parser.add_argument("--steps", type=whole(1), metavar="N", help="training steps (default: 12000)")
    parser.add_argument("--batch", type=whole(1), metavar="N", help="drawings a step (default: 64)")
    parser.add_argument("--passes", type=whole(1), metavar="N", help="posterior samples of an image (default: 4)")
    parser.add_argument("--seed", type=whole(0), metavar="N", help="of all that is random (default: 0)")


def run(arguments: Namespace, console: Console) -> int:
    """Refit, and say how well what is inferred of held-out images fits the prior."""
    from dood.tasks.refit import refit_file
    from dood.training.expost import RefitConfig

    given = {name: getattr(arguments, name) for name in ("steps", "batch", "passes", "seed")}
    config = RefitConfig(**{name: value for name, value in given.items() if value is not None})
    with console.progress("refitting") as progress:
        density = refit_file(arguments.model, arguments.out, config, data=arguments.data, progress=progress)
    console.note(f"{arguments.out}: {density:.1f} nats a held-out drawing")
    return 0
