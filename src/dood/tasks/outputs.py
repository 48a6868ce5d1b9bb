"""Where drawings are written: a file for every picture and format, none of which is anybody else's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from dood.drawing import Drawing
from dood.drawing.formats import FORMATS, is_ours, save_drawing
from dood.errors import DoodError
from dood.files import clear_abandoned, make_folder

__all__ = ["check_target", "output_folder", "output_names", "save_named"]


def output_folder(path: str | Path) -> Path:
    """Create the folder if need be, and remove what processes that were killed as they wrote have left in it.

    Raises:
        DoodError: it cannot be made, or a file has that name.
    """
    folder = make_folder(path)
    clear_abandoned(folder)
    return folder


def output_names(sources: Sequence[Path], formats: Sequence[str]) -> dict[Path, str]:
    """A name for each source, so that no two write the same file in any of the formats.

    It is the stem; where stems collide, the name with its suffix; and where that is taken, numbered.
    """
    suffixes = [FORMATS[name].suffix for name in formats]
    stems = Counter(source.stem for source in sources)
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for source in sorted(sources, key=lambda source: stems[source.stem] > 1):
        full = source.name.replace(".", "-")
        wanted = [source.stem] if stems[source.stem] == 1 else []
        tries = (*wanted, *(full if i == 1 else f"{full}-{i}" for i in range(1, len(sources) + 2)))
        names[source] = next(name for name in tries if not taken & {name + suffix for suffix in suffixes})
        taken |= {names[source] + suffix for suffix in suffixes}
    return names


def check_target(path: Path, sources: Sequence[Path], force: bool = False) -> None:
    """Refuse to write over a picture that is read, or over a file that dood did not write.

    Arguments:
        force: whether files that dood did not write may be written over. A picture that is read never is.

    Raises:
        DoodError: names the file.
    """
    try:
        if not path.exists():
            return
    except OSError as error:
        raise DoodError(f"cannot write {path}: {error.strerror or error}") from error
    if any(path.samefile(source) for source in sources if source.exists()):
        raise DoodError(f"{path} is one of the pictures to draw: it would be written over; choose another --out")
    if not force and not is_ours(path):
        raise DoodError(f"{path} is there, and dood did not write it: choose another --out, or --force it")


def save_named(
    drawings: Iterable[Drawing],
    names: Iterable[str],
    folder: Path,
    formats: Sequence[str],
    *,
    sources: Sequence[Path] = (),
    force: bool = False,
) -> list[Path]:
    """Write every drawing under its name in every format; return the files, drawing by drawing.

    Arguments:
        sources: pictures that were read, which are never written over.
        force: write over files that dood did not write.

    Raises:
        DoodError: a file is there that must not be written over (nothing is written then), or cannot be written.
    """
    named = list(zip(drawings, names, strict=True))
    for _, name in named:
        for kind in formats:
            check_target(folder / f"{name}{FORMATS[kind].suffix}", sources, force)
    return [save_drawing(drawing, folder / name, kind) for drawing, name in named for kind in formats]
