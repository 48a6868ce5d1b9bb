"""Drawings from the prior (paper 3.2, Figure 6)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dood.drawing import Drawing
from dood.drawing.formats import check_formats
from dood.engines.choice import engine_of
from dood.figures.sheets import drawing_grid, save_image
from dood.pictures import Placement
from dood.tasks.checks import check_positive, check_temperature
from dood.tasks.drawings import to_drawings
from dood.tasks.outputs import check_target, output_folder, save_named

if TYPE_CHECKING:
    from dood.models.dood import DooD

__all__ = ["generate", "generate_files"]


def generate(
    model: "str | Path | DooD" = "all",
    count: int = 64,
    *,
    temperature: float = 1.0,
    strokes: int | None = None,
    size: int = 200,
    seed: int = 0,
) -> list[Drawing]:
    """Sample drawings from the prior.

    Arguments:
        model: a model, or what `dood.load` takes.
        temperature: factor of every Gaussian's deviation; below 1 strokes are more typical and less varied.
        strokes: most strokes of a drawing; as many as in training by default.
        size: width and height of the drawings in pixels.
        seed: the same drawings for the same seed and count.

    Raises:
        DoodError: a number is out of range, or the model draws no strokes (AIR does not).
    """
    check_positive(count=count, strokes=strokes, size=size)
    check_temperature(temperature)
    engine = engine_of(model, sampling=True)
    most = engine.config.strokes if strokes is None else strokes
    curves = engine.curves(engine.sample(count, most, temperature=temperature, seed=seed))
    return to_drawings(curves, [Placement(size / 2, (size / 2, size / 2))] * count, [(size, size)] * count)


def generate_files(
    out: str | Path,
    model: str | Path = "all",
    count: int = 64,
    *,
    formats: Sequence[str] = ("svg", "json"),
    temperature: float = 1.0,
    strokes: int | None = None,
    size: int = 200,
    seed: int = 0,
    force: bool = False,
) -> list[Path]:
    """Write samples into the folder `out` as 0001.svg and so on, and all of them in one picture, samples.png.

    Arguments:
        formats: names of `dood.drawing.formats.FORMATS`; with none of them there is only the picture of all.
        model, count, temperature, strokes, size, seed: as for `generate`.
        force: write over files that dood did not write.

    Returns:
        The files, samples.png last.

    Raises:
        DoodError: as for `generate`, an unknown format, or `out` cannot be written.
    """
    check_formats(formats)
    drawings = generate(model, count, temperature=temperature, strokes=strokes, size=size, seed=seed)
    folder = output_folder(out)
    grid = folder / "samples.png"
    check_target(grid, [], force)
    digits = max(4, len(str(count)))
    written = save_named(drawings, [f"{i:0{digits}}" for i in range(1, 1 + count)], folder, formats, force=force)
    save_image(drawing_grid(drawings), grid)
    return [*written, grid]
