"""The whole command from nothing: what someone waits who draws one picture."""

import tempfile
from functools import partial
from pathlib import Path

from benchmarks.timing import Result, fresh_process, medians
from benchmarks.workload import fresh_model
from dood.checkpoints import checkpoint
from dood.samples import sample_paths

__all__ = ["run"]


def run(*, repeats: int = 5) -> Result:
    """`cold_draw_s`: seconds for `dood draw --model` of one picture, beside `import torch`, which it does without."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw = [
            "-m",
            "dood",
            "draw",
            str(sample_paths()[0]),
            "--out",
            str(folder),
            "--model",
            _model(folder),
            "--quiet",
        ]
        calls = {
            "cold_draw_s": partial(fresh_process, draw),
            "cold_torch_s": partial(fresh_process, ["-c", "import torch"]),
            "cold_help_s": partial(fresh_process, ["-m", "dood", "--help"]),
        }
        return Result(medians(calls, repeats))


def _model(folder: Path) -> str:
    """The shipped model, or an untrained one where none is shipped: it takes as long."""
    if "mnist" in checkpoint.shipped():
        return "mnist"
    path = folder / "untrained.safetensors"
    checkpoint.save(fresh_model(), path, half=True)
    return str(path)
