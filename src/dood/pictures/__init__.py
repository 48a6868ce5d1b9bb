"""Pictures as people have them: read from files, ink told from paper, and laid on the canvas of a model.

The way of a file: `decoding` opens it, `planes` averages it to a bounded size (`transparency` fills what shows
through), `ink` finds the ink: on its `sheet`, without the `ruling` of the paper (`rules` finds such lines), against the
level of the `paper`, by the colours of `pens`. A `picture` is the result; `placement` lays it on a model's canvas.

Frames: the user frame is pixels of the picture as it is seen (after EXIF rotation), x right, y down, the centre of the
pixel in column j and row i at (j + 0.5, i + 0.5). The canvas is [-1, 1]^2, x right, y down.
"""

from dood.pictures.picture import IMAGE_SUFFIXES, Picture, count_pages, find_images, load_picture, picture_of
from dood.pictures.placement import FILL, FRAMES, MINIMAL_PEN, Placement, normalise
from dood.pictures.polarity import POLARITIES

__all__ = [
    "FILL",
    "FRAMES",
    "IMAGE_SUFFIXES",
    "MINIMAL_PEN",
    "POLARITIES",
    "Picture",
    "Placement",
    "count_pages",
    "find_images",
    "load_picture",
    "normalise",
    "picture_of",
]
