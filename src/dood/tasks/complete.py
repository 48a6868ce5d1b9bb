"""Completions of a partial drawing: its strokes are inferred, and the prior adds others (paper 3.2, Figure 8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dood.concepts.completion import completions
from dood.drawing import Drawing
from dood.drawing.formats import check_formats
from dood.engines import search
from dood.engines.choice import engine_of, network_of
from dood.errors import DoodError
from dood.figures.sheets import completion_sheet, save_image
from dood.pictures import normalise, picture_of
from dood.tasks.canvas import REFINE, STROKES
from dood.tasks.checks import check_positive, check_temperature
from dood.tasks.drawings import to_drawings
from dood.tasks.outputs import check_target, output_folder, save_named

if TYPE_CHECKING:
    from dood.models.dood import DooD

__all__ = ["WAYS", "Completions", "complete", "complete_files"]

WAYS = ("best", "paper")
"""As suits the model's prior; and as in the paper (Figure 8): the recurrent states are those of recognition over the
part, the canvas is what the part draws, and the prior that was learned with the model goes on from there."""
PAPER = "way 'paper' of completing needs torch"


@dataclass(frozen=True)
class Completions:
    """A partial drawing as strokes, and drawings that begin with the very same strokes."""

    given: Drawing
    drawings: list[Drawing]


def complete(
    picture: Any,
    *,
    model: "str | Path | DooD" = "all",
    count: int = 8,
    way: str = "best",
    temperature: float = 1.0,
    strokes: int | None = None,
    seed: int = 0,
    polarity: str = "auto",
    frame: str = "room",
) -> Completions:
    """Complete a picture of a partial drawing, in `count` ways.

    Arguments:
        picture: as for `dood.draw`.
        model: a model, or what `dood.checkpoints.checkpoint.load` takes.
        way: best, or paper (Figure 8): recognition reads the part in one go, and the prior that was learned with the
            model goes on from its recurrent states and the part's canvas; see `WAYS`; needs torch.
        temperature: as for `dood.tasks.generate.generate`.
        strokes: most strokes that are added; as many as a drawing had in training by default.
        seed: of the completions.
        polarity: dark (ink on light), light, or auto.
        frame: room (the canvas is the whole picture, or lies around the ink where that takes little of it), image (the
            canvas is always the whole picture), ink or auto.

    Raises:
        DoodError: the picture cannot be read or holds no drawing, a number is out of range, `way` is unknown, or the
            model draws no strokes (AIR does not).
    """
    check_positive(count=count, strokes=strokes)
    check_temperature(temperature)
    if way not in WAYS:
        raise DoodError(f"way {way!r} of completing is unknown: use {' or '.join(WAYS)}")
    loaded = picture_of(picture, polarity)
    engine = engine_of(model, sampling=True) if way == "best" else network_of(model, PAPER).with_joint_prior()
    raster, placement = normalise(loaded, engine.config.resolution, frame=frame)
    if way == "best":
        part = search.search(engine, raster[None], strokes=STROKES, refining=REFINE).latents
    else:
        part = search.parse(engine, raster[None]).latents
    added = completions(engine, part, count, strokes=strokes, temperature=temperature, seed=seed)
    size = loaded.width, loaded.height
    (given,) = to_drawings(engine.curves(part), [placement], [size])
    more = to_drawings(added, [placement] * count, [size] * count)
    return Completions(given, [replace(given, strokes=given.strokes + drawing.strokes) for drawing in more])


def complete_files(
    path: str | Path, out: str | Path, *, formats: Sequence[str] = ("svg", "json"), force: bool = False, **options: Any
) -> list[Path]:
    """Complete a picture; write NAME-1.svg and so on into the folder `out`, and all of them in NAME-completed.png.

    Arguments:
        formats: names of `dood.drawing.formats.FORMATS`.
        force: write over files that dood did not write.
        options: as for `complete`.

    Returns:
        The files, NAME-completed.png last.

    Raises:
        DoodError: as for `complete`, an unknown format, or `out` cannot be written.
    """
    check_formats(formats)
    completions = complete(path, **options)
    folder, stem = output_folder(out), Path(path).stem
    names = [f"{stem}-{i}" for i in range(1, 1 + len(completions.drawings))]
    sheet = folder / f"{stem}-completed.png"
    check_target(sheet, [Path(path)], force)
    written = save_named(completions.drawings, names, folder, formats, sources=[Path(path)], force=force)
    save_image(completion_sheet(completions.given, completions.drawings), sheet)
    return [*written, sheet]
