"""Draw: pictures in, ordered pen strokes out. The way of an image through the program, from file to strokes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dood.drawing import Drawing
from dood.drawing.formats import check_formats
from dood.errors import DoodError
from dood.pictures import Picture, find_images, load_picture, picture_of
from dood.pictures.picture import check_pens
from dood.pictures.polarity import check_polarity
from dood.tasks.outputs import output_folder, save_named
from dood.tasks.pages import Page, Which, pages_of
from dood.tracing.drawings import drawing_of
from dood.tracing.order import check_order
from dood.tracing.ordering import ordered
from dood.tracing.residual import Recogniser, left_lines
from dood.tracing.trace import Options

if TYPE_CHECKING:
    from dood.engines.engine import Engine
    from dood.models.dood import DooD

__all__ = ["DrawReport", "DrawnFile", "WrittenFile", "draw", "draw_files"]


@dataclass(frozen=True)
class DrawnFile:
    """A picture, its strokes and the files they were written to."""

    source: Path
    drawing: Drawing
    outputs: tuple[Path, ...]


class WrittenFile(NamedTuple):
    """A picture, and the files that its strokes were written to."""

    source: Path
    outputs: tuple[Path, ...]


@dataclass(frozen=True)
class DrawReport:
    """What became of every picture: `drawn`, and `failed` with the reason for each.

    Of drawings it has the files alone, so that thousands of pictures take no more memory than one batch of them.
    """

    drawn: list[WrittenFile] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)


def draw(
    picture: Any,
    *,
    model: "str | Path | DooD | Engine | None" = None,
    polarity: str = "auto",
    pens: int | None = None,
    order: str = "person",
    recogniser: Recogniser | None = left_lines,
    **options: Any,
) -> Drawing:
    """Find the pen strokes of one picture, in the order and direction of a person's pen.

    >>> from dood.samples import sample_paths
    >>> draw(sample_paths()[0])  # doctest: +ELLIPSIS
    <Drawing: ... strokes, ... pixels>

    Arguments:
        picture: a path, an open binary file, or an array [h, w], [h, w, 3] or [h, w, 4] (uint8, or floats in [0, 1]; 0
            is black).
        model: None traces the picture at its own resolution. A model, or what `dood.load` takes, reads it on that
            model's one canvas, as the paper does.
        polarity: dark (ink on light), light, or auto.
        pens: tell so many colours of pens apart at most; as many as there are by default.
        order: person, nearest (least travel of a plotter's pen) or given (as they are found; by a model as it infers
            them). What a model finds is arranged as for a person by a rule: each stroke down and to the right.
        recogniser: what sees strokes in ink that those traced leave: thinning of it by default, None for nothing, or
            for example a model (`dood.tasks.recognition.recogniser_of`). Of no use where a model reads the whole.
        options: without a model those of `dood.tracing.trace.Options`, else those of `dood.tasks.canvas.CanvasOptions`.

    Raises:
        DoodError: the picture cannot be read or holds no drawing, an option is unknown, or there are both a
            model and a recogniser.
    """
    return _reader(model, order, options, recogniser)([picture_of(picture, polarity, pens)])[0]


def draw_files(
    paths: Iterable[str | Path],
    out: str | Path,
    *,
    formats: Sequence[str] = ("svg", "json"),
    model: str | Path | None = None,
    polarity: str = "auto",
    pens: int | None = None,
    order: str = "person",
    page: Which = None,
    batch: int = 64,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
    callback: Callable[[DrawnFile], None] | None = None,
    **options: Any,
) -> DrawReport:
    """Draw files and folders of pictures into the folder `out`, as NAME.svg and so on.

    A picture that cannot be drawn is reported and does not stop the others.

    Arguments:
        formats: names of `dood.drawing.formats.FORMATS`.
        model, polarity, pens, order, options: as for `draw`.
        page: of files with several pages or frames, from 1; the first by default, with a note that there are more. With
            all of them they are NAME-1, NAME-2 and so on.
        batch: pictures that a model draws at once.
        force: write over files that dood did not write.
        progress: called with the number of pictures done and in all.
        callback: called with each picture that is drawn, when its files are written; the drawing is not kept.

    Raises:
        DoodError: unknown model, option or format, no picture at all, or `out` cannot be written.
    """
    check_formats(formats)
    check_polarity(polarity)
    check_pens(pens)
    report = DrawReport()
    sources = _found(paths, report)
    pages = pages_of(sources, page, formats)
    reader = _reader(model, order, options)
    folder = output_folder(out)
    missing = len(report.failed)
    for chunk in _chunks(pages, batch if model else 1):
        for one, drawing in _drawn(dict(_readable(chunk, polarity, pens, report)), reader, report):
            try:
                outputs = save_named([drawing], [one.name], folder, formats, sources=sources, force=force)
            except DoodError as error:
                report.failed.append((one.source, str(error)))
                continue
            report.drawn.append(WrittenFile(one.source, tuple(outputs)))
            if callback:
                callback(DrawnFile(one.source, drawing, tuple(outputs)))
        if progress:
            progress(len(report.drawn) + len(report.failed), len(pages) + missing)
    return report


_Reader = Callable[[Sequence[Picture]], list[Drawing]]


def _reader(
    model: "str | Path | DooD | Engine | None",
    order: str,
    options: dict[str, Any],
    recogniser: Recogniser | None = left_lines,
) -> _Reader:
    """What makes drawings of pictures: the tracer, or a model on its canvas."""
    check_order(order)
    if model is None:
        known = {field.name for field in fields(Options)} - {"order"}
        _check_options(options, known, "give a model for its options")
        chosen: dict[str, Any] = options | {"order": order}
        traced = Options(**chosen)
        return lambda pictures: [drawing_of(picture, traced, recogniser=recogniser) for picture in pictures]
    if recogniser is not left_lines:
        raise DoodError("a recogniser is for tracing, and a model reads the picture itself: leave one of them out")
    from dood.engines.choice import engine_of
    from dood.pictures.placement import check_frame
    from dood.tasks.canvas import CanvasOptions, draw_pictures

    _check_options(options, set(CanvasOptions.__annotations__), "leave the model out for the options of tracing")
    check_frame(options.get("frame", "auto"))
    engine = engine_of(model)
    return lambda pictures: [ordered(drawing, order) for drawing in draw_pictures(pictures, engine, **options)]


def _found(paths: Iterable[str | Path], report: DrawReport) -> list[Path]:
    """The pictures of all paths; a path that is not there, or holds none, is reported among the others.

    Raises:
        DoodError: there is no picture at all.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        try:
            found += find_images([path])
        except DoodError as error:
            report.failed.append((path, str(error)))
    if not found:
        raise DoodError("; ".join(reason for _, reason in report.failed) or "no pictures to draw")
    return found


def _check_options(options: dict[str, Any], known: set[str], otherwise: str) -> None:
    for name in options:
        if name not in known:
            raise DoodError(
                f"drawing has no option {name!r} here; there are {', '.join(sorted(known))}, or {otherwise}"
            )


def _drawn(readable: dict[Page, Picture], reader: _Reader, report: DrawReport) -> Iterator[tuple[Page, Drawing]]:
    """The drawings of pictures; of several that a model draws at once none fails alone."""
    if not readable:
        return
    try:
        yield from zip(readable, reader(list(readable.values())), strict=True)
    except DoodError as error:
        report.failed.extend((one.source, str(error)) for one in readable)


def _readable(
    pages: Iterable[Page], polarity: str, pens: int | None, report: DrawReport
) -> Iterator[tuple[Page, Picture]]:
    for one in pages:
        try:
            yield one, load_picture(one.source, polarity=polarity, page=one.number, pens=pens)
        except DoodError as error:
            report.failed.append((one.source, str(error)))


def _chunks(pages: Sequence[Page], size: int) -> Iterator[list[Page]]:
    rest = iter(pages)
    while chunk := list(islice(rest, size)):
        yield chunk
