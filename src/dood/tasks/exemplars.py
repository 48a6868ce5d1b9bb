"""Exemplars: new drawings of the same thing, tokens of the type that a drawing shows (paper 3.2, Figure 7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dood.concepts.copies import copies
from dood.concepts.redrawn import redrawn
from dood.concepts.spreads import Spreads
from dood.concepts.style import Style, spreads_of, style_of
from dood.concepts.styled import styled
from dood.drawing import Drawing
from dood.drawing.formats import check_formats
from dood.engines import search
from dood.engines.choice import engine_of
from dood.errors import DoodError
from dood.figures.sheets import drawing_grid, save_image
from dood.pictures import find_images, normalise, picture_of
from dood.tasks.canvas import REFINE, STROKES
from dood.tasks.checks import check_positive, check_temperature
from dood.tasks.draw import draw
from dood.tasks.drawings import to_drawings
from dood.tasks.outputs import check_target, output_folder, save_named

if TYPE_CHECKING:
    from dood.models.dood import DooD

__all__ = ["Exemplars", "exemplars", "exemplars_files"]

SPREADS = Spreads(stroke=0.01, shift=0.03, size=0.1)
"""Of drawings in one picture, which stay on the page, and whose strokes meet where they met."""

HAND = SPREADS._replace(bend=0.025, size=0.05, aspect=0.05, shear=0.05, angle=0.05, pen=0.05)
"""Of drawings by one hand."""


@dataclass(frozen=True)
class Exemplars:
    """A drawing as strokes, and new drawings of the same thing: as many strokes, in the same order."""

    given: Drawing
    drawings: list[Drawing]


def exemplars(
    picture: Any,
    *,
    model: "str | Path | DooD | None" = None,
    style: "Iterable[Any] | str | Path | None" = None,
    count: int = 8,
    temperature: float = 1.0,
    spreads: Spreads | None = None,
    seed: int = 0,
    polarity: str = "auto",
    frame: str = "auto",
) -> Exemplars:
    """Find the strokes of a picture, and return `count` new drawings of the same thing.

    Arguments:
        picture: as for `dood.draw`.
        model: None traces the picture at its own resolution. A model, or what `dood.load` takes, reads it on that
            model's one canvas, as the paper does.
        style: pictures by one hand, each as for `dood.draw`, or files and folders of them, in whose place, size, slant,
            pen, corners and so on the new drawings are (`dood.concepts.style`); what they show does not matter. They
            are taken for pages of the same size. None is no hand in particular.
        temperature: factor of all spreads; with 0 the strokes that were found, in the style.
        spreads: how far drawings of one thing differ; by default, with a style, as much as the hand varies.
        seed: of the exemplars.
        polarity: dark (ink on light), light, or auto.
        frame: with a model: ink (fit the canvas around the ink), image (the canvas is the whole picture), or auto.

    Raises:
        DoodError: a picture cannot be read or holds no drawing, a style has none, a number is out of range, a frame is
            given without a model or a style with one, or the model draws no strokes (AIR does not).
    """
    check_positive(count=count)
    check_temperature(temperature)
    if model is None:
        if frame != "auto":
            raise DoodError(f"frame (={frame!r}) is for a model's canvas: give a model too")
        given = draw(picture, polarity=polarity)
        hand = None if style is None else _hand(style, polarity)
        usual = SPREADS if hand is None else spreads_of(hand, HAND)
        again = given if hand is None else styled(given, hand, seed=seed)
        return Exemplars(given, redrawn(again, spreads or usual, count, temperature=temperature, seed=seed))
    if style is not None:
        raise DoodError("a style is for drawings that are traced: leave the model out, or the style")
    loaded, engine = picture_of(picture, polarity), engine_of(model)
    raster, placement = normalise(loaded, engine.config.resolution, frame=frame)
    found = engine.curves(search.search(engine, raster[None], strokes=STROKES, refining=REFINE).latents)
    made = copies(found, spreads or SPREADS, count, temperature=temperature, seed=seed)
    size = loaded.width, loaded.height
    (given,) = to_drawings(found, [placement], [size])
    return Exemplars(given, to_drawings(made, [placement] * count, [size] * count))


def _hand(pictures: Iterable[Any] | str | Path, polarity: str) -> Style:
    """The style of what pictures, and files and folders of them, show."""
    given = [pictures] if isinstance(pictures, str | Path) else list(pictures)
    found = [find_images([each]) if isinstance(each, str | Path) else [each] for each in given]
    if not given:
        raise DoodError("a style of no pictures: give at least one, by the hand that should draw")
    return style_of([draw(picture, polarity=polarity) for some in found for picture in some])


def exemplars_files(
    path: str | Path, out: str | Path, *, formats: Sequence[str] = ("svg", "json"), force: bool = False, **options: Any
) -> list[Path]:
    """Draw a picture again; write NAME-1.svg and so on into the folder `out`, and all of them in NAME-exemplars.png.

    Arguments:
        formats: names of `dood.drawing.formats.FORMATS`.
        force: write over files that dood did not write.
        options: as for `exemplars`.

    Returns:
        The files, NAME-exemplars.png last; its first drawing is what was found in the picture.

    Raises:
        DoodError: as for `exemplars`, an unknown format, or `out` cannot be written.
    """
    check_formats(formats)
    made = exemplars(path, **options)
    folder, stem = output_folder(out), Path(path).stem
    names = [f"{stem}-{i}" for i in range(1, 1 + len(made.drawings))]
    sheet = folder / f"{stem}-exemplars.png"
    check_target(sheet, [Path(path)], force)
    written = save_named(made.drawings, names, folder, formats, sources=[Path(path)], force=force)
    save_image(drawing_grid([made.given, *made.drawings]), sheet)
    return [*written, sheet]
