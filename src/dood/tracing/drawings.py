"""From a picture's ink to a Drawing: the door of this wing."""

from dood.drawing import Drawing, Stroke
from dood.pictures import Picture
from dood.tracing.cubics import Chain, polyline
from dood.tracing.linking import Linker, as_learned
from dood.tracing.report import report_of
from dood.tracing.residual import Recogniser, left_lines
from dood.tracing.trace import Options, trace

__all__ = ["drawing_of"]


def drawing_of(
    picture: Picture,
    options: Options | None = None,
    linker: Linker = as_learned,
    recogniser: Recogniser | None = left_lines,
) -> Drawing:
    """The strokes of a picture in its pixels, in order, and how well they agree with its ink.

    Arguments:
        linker, recogniser: as for `dood.tracing.trace.trace`.
    """
    chains = trace(picture.ink, options, linker, recogniser)
    report = report_of(chains, picture.ink)
    strokes = tuple(_stroke(chain, picture) for chain in chains)
    notes = (picture.note,) if picture.note else ()
    return Drawing(picture.width, picture.height, strokes, report.missed, report.spurious, notes)


def _stroke(chain: Chain, picture: Picture) -> Stroke:
    """A chain in values of ink as a stroke in pixels of the picture, of the colour of the pen that drew most of it."""
    return Stroke(
        chain.points * picture.block,
        chain.widths * picture.block,
        pieces=max(1, (len(chain.points) - 1) // 3),
        closed=chain.closed,
        colour=picture.colour_at(polyline(chain)[0] * picture.block),
        fill=chain.fill,
    )
