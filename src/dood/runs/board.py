"""Records of training for TensorBoard."""

from collections.abc import Callable, Mapping
from pathlib import Path

from dood.errors import DoodError

__all__ = ["board", "figures"]

Record = Mapping[str, float | int | str]


def board(folder: Path) -> Callable[[Record], None]:
    """Return what writes each record as events into `folder`.

    Raises:
        DoodError: TensorBoard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise DoodError("--tensorboard needs TensorBoard: pip install 'dood[tensorboard]'") from error
    writer = SummaryWriter(str(folder))

    def report(record: Record) -> None:
        for name, value in figures(record).items():
            writer.add_scalar(name, value, int(record["step"]))
        writer.flush()

    return report


def figures(record: Record) -> dict[str, float | int]:
    """The numbers of a record, but for the step."""
    return {name: value for name, value in record.items() if isinstance(value, float | int) and name != "step"}
