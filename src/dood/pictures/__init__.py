"""Pictures as people have them: read from files, ink told from paper, and laid on the canvas of a model.

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
