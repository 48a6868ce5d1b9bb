"""Draw: pictures in, ordered pen strokes out. The way of an image through the program, from file to strokes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np
import torch
from jaxtyping import Float32

from dood.checkpoints import checkpoint
from dood.drawing import Drawing
from dood.drawing.formats import check_formats, save_drawing
from dood.errors import DoodError
from dood.files import make_folder
from dood.inference import parsing
from dood.inference.strokes import check_strokes, strokes_of
from dood.models.dood import DooD
from dood.pictures import Picture, Placement, find_images, load_picture, normalise
from dood.pictures.polarity import check_polarity
from dood.tasks.drawings import to_drawings
from dood.tasks.reading import REFINE, STROKES, picture_of

__all__ = ["DrawReport", "DrawnFile", "draw", "draw_files", "draw_pictures", "draw_rasters"]


class DrawOptions(TypedDict, total=False):
    """Options of `draw_pictures`, passed on by the other ways to draw."""

    strokes: int
    samples: int
    seed: int
    refine: int
    prune: bool
    frame: str


@dataclass(frozen=True)
class DrawnFile:
    """A picture, its strokes and the files they were written to."""

    source: Path
    drawing: Drawing
    outputs: tuple[Path, ...]


@dataclass(frozen=True)
class DrawReport:
    """What became of every picture: `drawn`, and `failed` with the reason for each."""

    drawn: list[DrawnFile] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)


def draw(
    picture: Any,
    *,
    model: str | Path | DooD = "all",
    polarity: str = "auto",
    **options: Unpack[DrawOptions],
) -> Drawing:
    """Find the pen strokes of one picture.

    Arguments:
        picture: a path, or an array [h, w], [h, w, 3] or [h, w, 4] (uint8, or floats in [0, 1]; 0 is black).
        model: a model, or what `dood.load` takes.
        polarity: dark (ink on light), light, or auto.
        options: as for `draw_pictures`.

    Raises:
        DoodError: the picture cannot be read or holds no drawing, or an option is unknown.
    """
    loaded = picture_of(picture, polarity)
    network = model if isinstance(model, DooD) else checkpoint.load(model)
    return draw_pictures([loaded], network, **options)[0]


def draw_pictures(
    pictures: Sequence[Picture],
    model: DooD,
    *,
    strokes: int = STROKES,
    samples: int = 1,
    seed: int = 0,
    refine: int = REFINE,
    prune: bool = True,
    frame: str = "auto",
) -> list[Drawing]:
    """Find the strokes of pictures, all at once.

    Arguments:
        strokes: at most so many; the model decides when to stop.
        samples: keep the best of so many tries.
        seed: of the tries.
        refine: gradient steps that fit the strokes to the picture afterwards.
        prune: leave out strokes that bring the drawing no closer to the picture, and infer again what is missing.
        frame: ink (fit the canvas around the ink), image (the canvas is the whole picture), or auto.
    """
    rasters, placements = zip(
        *(normalise(picture, model.config.resolution, frame=frame) for picture in pictures), strict=True
    )
    return draw_rasters(
        np.stack(rasters),
        placements,
        [(picture.width, picture.height) for picture in pictures],
        model,
        strokes=strokes,
        samples=samples,
        seed=seed,
        refine=refine,
        prune=prune,
    )


def draw_rasters(
    rasters: Float32[np.ndarray, "b r r"],
    placements: Sequence[Placement],
    sizes: Sequence[tuple[int, int]],
    model: DooD,
    *,
    strokes: int = STROKES,
    samples: int = 1,
    seed: int = 0,
    refine: int = REFINE,
    prune: bool = True,
) -> list[Drawing]:
    """Find the strokes of pictures that lie on the model's canvas already, all at once.

    Arguments:
        rasters: ink in [0, 1] at the model's resolution.
        placements: where each canvas lies in its picture.
        sizes: width and height of each picture in its pixels.
        strokes, samples, seed, refine, prune: as for `draw_pictures`.

    Raises:
        DoodError: the model draws no strokes (AIR does not).
    """
    check_strokes(model)
    images = torch.from_numpy(rasters)
    generator = torch.Generator().manual_seed(seed)
    first = {"strokes": strokes, "samples": samples, "generator": generator}
    if prune:
        parsed = parsing.search(model, images, refining=refine, **first)
    else:
        parsed = parsing.refine(model, images, parsing.parse(model, images, **first), refine)
    return to_drawings(strokes_of(model, parsed.latents, parsed.strokes), placements, sizes)


def draw_files(
    paths: Iterable[str | Path],
    out: str | Path,
    *,
    formats: Sequence[str] = ("svg", "json"),
    model: str | Path = "all",
    polarity: str = "auto",
    batch: int = 64,
    progress: Callable[[int, int], None] | None = None,
    **options: Unpack[DrawOptions],
) -> DrawReport:
    """Draw files and folders of pictures into the folder `out`, as NAME.svg and so on.

    A picture that cannot be drawn is reported and does not stop the others.

    Arguments:
        formats: names of `dood.drawing.formats.FORMATS`.
        batch: pictures that are drawn at once.
        progress: called with the number of pictures done and in all.
        options: as for `draw_pictures`.

    Raises:
        DoodError: unknown model or format, no picture at all, or `out` cannot be written.
    """
    check_formats(formats)
    check_polarity(polarity)
    sources = find_images(paths)
    names = _output_names(sources)
    network = checkpoint.load(model)
    folder = make_folder(out)
    report = DrawReport()
    for chunk in _chunks(sources, batch):
        readable = dict(_readable(chunk, polarity, report))
        if readable:
            drawings = draw_pictures(list(readable.values()), network, **options)
            for source, drawing in zip(readable, drawings, strict=True):
                outputs = [save_drawing(drawing, folder / names[source], name) for name in formats]
                report.drawn.append(DrawnFile(source, drawing, tuple(outputs)))
        if progress:
            progress(len(report.drawn) + len(report.failed), len(sources))
    return report


def _readable(sources: Iterable[Path], polarity: str, report: DrawReport) -> Iterator[tuple[Path, Picture]]:
    for source in sources:
        try:
            yield source, load_picture(source, polarity=polarity)
        except DoodError as error:
            report.failed.append((source, str(error)))


def _output_names(sources: Sequence[Path]) -> dict[Path, str]:
    """A name for each source: its stem; where stems collide, with the suffix; and where that is taken, numbered."""
    stems = Counter(source.stem for source in sources)
    names = {source: source.stem for source in sources if stems[source.stem] == 1}
    taken = set(names.values())
    for source in sources:
        if source not in names:
            wanted = source.name.replace(".", "-")
            numbered = (wanted if i == 1 else f"{wanted}-{i}" for i in count(1))
            names[source] = next(name for name in numbered if name not in taken)
            taken.add(names[source])
    return names


def _chunks(sources: Sequence[Path], size: int) -> Iterator[list[Path]]:
    rest = iter(sources)
    while chunk := list(islice(rest, size)):
        yield chunk
