"""Who does the arithmetic: onnxruntime for models like those that are shipped, torch for all others."""

from pathlib import Path
from typing import TYPE_CHECKING

from dood.engines.engine import Engine
from dood.errors import TORCH, DoodError, lacks_torch

if TYPE_CHECKING:
    from dood.engines.network import Network
    from dood.models.dood import DooD

__all__ = ["engine_of", "network_of"]


def engine_of(model: "str | Path | DooD | Engine", *, sampling: bool = False) -> Engine:
    """Return the engine of a model: of a name or file whatever does its work without torch, if anything does.

    Arguments:
        model: an engine, a model, or what `dood.load` takes.
        sampling: whether drawings are to be sampled; by onnxruntime the priors are not that were learned with a model.

    Raises:
        DoodError: there is no such model, it draws no strokes (AIR does not), or it needs torch, which is not
            installed.
    """
    if isinstance(model, str | Path):
        from dood.engines.runtime import Runtime, config_of

        config = config_of(model)
        if Runtime.fits(config) and (config.expost or not sampling):
            return Runtime(model)
        return network_of(model, f"{model} (or its prior) is of another kind than works without torch")
    return model if isinstance(model, Engine) else network_of(model)


def network_of(model: "str | Path | DooD", why: str = "this needs torch") -> "Network":
    """Return the engine of a model by torch.

    Arguments:
        model: a model, or what `dood.load` takes.
        why: what needs torch, for the message.

    Raises:
        DoodError: there is no such model, it draws no strokes (AIR does not), or torch is not installed.
    """
    try:
        from dood.checkpoints.checkpoint import load
        from dood.engines.network import Network
        from dood.inference.strokes import check_strokes
    except ModuleNotFoundError as error:
        if not lacks_torch(error):
            raise
        raise DoodError(f"{why}: {TORCH}") from error
    network = load(model) if isinstance(model, str | Path) else model
    check_strokes(network)
    return Network(network)
