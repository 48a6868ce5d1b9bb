"""Draw: pictures in, ordered pen strokes out. The way of an image through the program, from file to strokes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dood import checkpoint, parsing
from dood.drawing import Drawing, Stroke
from dood.errors import DoodError
from dood.files import make_folder
from dood.formats import FORMATS, save_drawing
from dood.models.dood import DooD
from dood.pictures import Picture, Placement, find_images, load_picture, normalise

__all__ = ["DrawReport", "DrawnFile", "draw", "draw_files", "draw_pictures"]


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
    model: str | Path | DooD = "mnist",
    strokes: int | None = None,
    samples: int = 1,
    seed: int = 0,
    refine: int = 0,
    polarity: str = "auto",
    frame: str = "auto",
) -> Drawing:
    """Find the pen strokes of one picture.

    Arguments:
        picture: a path, or an array [h, w], [h, w, 3] or [h, w, 4] (uint8, or floats in [0, 1]; 0 is black).
        model: a model, or what `dood.load` takes.
        strokes: at most so many; the model's own number by default.
        samples: keep the best of so many tries.
        seed: of the tries.
        refine: gradient steps that fit the strokes to the picture afterwards.
        polarity: dark (ink on light), light, or auto.
        frame: ink (fit the canvas around the ink), image (the canvas is the whole picture), or auto.

    Raises:
        DoodError: the picture cannot be read or holds no drawing, or an option is unknown.
    """
    loaded = load_picture(picture, polarity=polarity) if isinstance(picture, str | Path) else None
    network = model if isinstance(model, DooD) else checkpoint.load(model)
    loaded = loaded or Picture.from_array(picture, polarity=polarity)
    options = {"strokes": strokes, "samples": samples, "seed": seed, "refine": refine, "frame": frame}
    return draw_pictures([loaded], network, **options)[0]


def draw_pictures(
    pictures: Sequence[Picture],
    model: DooD,
    *,
    strokes: int | None = None,
    samples: int = 1,
    seed: int = 0,
    refine: int = 0,
    frame: str = "auto",
) -> list[Drawing]:
    """Find the strokes of pictures, all at once; arguments as for `draw`."""
    rasters, placements = zip(
        *(normalise(picture, model.config.resolution, frame=frame) for picture in pictures), strict=True
    )
    images = torch.from_numpy(np.stack(rasters))
    generator = torch.Generator().manual_seed(seed)
    parsed = parsing.parse(model, images, strokes=strokes, samples=samples, generator=generator)
    if refine:
        parsed = parsing.refine(model, images, parsed, refine)
    return [
        Drawing(picture.width, picture.height, _strokes(model, parsed, i, placement))
        for i, (picture, placement) in enumerate(zip(pictures, placements, strict=True))
    ]


def draw_files(
    paths: Iterable[str | Path],
    out: str | Path,
    *,
    formats: Sequence[str] = ("svg", "json"),
    model: str | Path = "mnist",
    strokes: int | None = None,
    samples: int = 1,
    seed: int = 0,
    refine: int = 0,
    polarity: str = "auto",
    frame: str = "auto",
    batch: int = 64,
    progress: Callable[[int, int], None] | None = None,
) -> DrawReport:
    """Draw files and folders of pictures into the folder `out`, as NAME.svg and so on.

    A picture that cannot be drawn is reported and does not stop the others.

    Arguments:
        formats: names of `dood.formats.FORMATS`.
        batch: pictures that are drawn at once.
        progress: called with the number of pictures done and in all.
        others: as for `draw`.

    Raises:
        DoodError: unknown model or format, no picture at all, or `out` cannot be written.
    """
    for name in formats:
        if name not in FORMATS:
            raise DoodError(f"unknown format {name!r}: choose from {', '.join(FORMATS)}")
    sources = find_images(paths)
    names = _output_names(sources)
    network = checkpoint.load(model)
    folder = make_folder(out)
    report = DrawReport()
    options = {"strokes": strokes, "samples": samples, "seed": seed, "refine": refine, "frame": frame}
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


def _strokes(model: DooD, parsed: parsing.Parse, index: int, placement: Placement) -> tuple[Stroke, ...]:
    """The strokes of one drawing in the user's pixels."""
    ranges = model.generative.ranges
    points = ranges.place(parsed.latents)[index].double().numpy()
    widths = 2 * ranges.pen(parsed.latents.pen).radius[index].double().numpy()
    return tuple(
        Stroke(placement.to_pixels(points[t]), placement.width_to_pixels(widths[t]))
        for t in range(int(parsed.strokes[index]))
    )


def _output_names(sources: Sequence[Path]) -> dict[Path, str]:
    """A name for each source: its stem, with the suffix where stems collide, and a number where that does too."""
    stems = Counter(source.stem for source in sources)
    taken: Counter[str] = Counter()
    names = {}
    for source in sources:
        name = source.stem if stems[source.stem] == 1 else source.name.replace(".", "-")
        taken[name] += 1
        names[source] = name if taken[name] == 1 else f"{name}-{taken[name]}"
    return names


def _chunks(sources: Sequence[Path], size: int) -> Iterator[list[Path]]:
    rest = iter(sources)
    while chunk := list(islice(rest, size)):
        yield chunk
