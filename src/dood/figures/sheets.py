"""Contact sheets of strokes: what a model drew beside what it saw, and in which order. Pillow only."""

import functools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont

from dood.drawing import Drawing, Stroke
from dood.drawing.formats.png import save_png
from dood.errors import DoodError
from dood.files import atomic_write

__all__ = [
    "PALETTE",
    "Entry",
    "completion_sheet",
    "contact_sheet",
    "drawing_grid",
    "image_grids",
    "invention_sheet",
    "reconstruction_sheet",
    "save_image",
    "tiled",
]

Colour = tuple[int, int, int]

PALETTE: tuple[Colour, ...] = (
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (204, 121, 167),
    (230, 159, 0),
    (86, 180, 233),
)
"""Colours of strokes in drawing order, over and over: those of Okabe and Ito, safe for all eyes, that show on white."""

WHITE, INK, CAPTION, GROUND, UNUSED = (255, 255, 255), (26, 28, 33), (96, 100, 110), (237, 239, 243), (226, 229, 235)
GIVEN = (214, 228, 242)
"""Paper of what was given, where new drawings are beneath it."""

TILE, GAP, MARGIN, HEAD = 168, 8, 24, 28
"""Pixels of a contact sheet: a picture, the space between two, around all, and a line of text."""

FINE = 3
"""Strokes are drawn so many times larger and reduced, for smooth edges."""

SAMPLES = 200
LINE = 2.2, 4.5
"""Least and greatest width of a coloured stroke in pixels."""

BADGE = 8.5
"""Radius of a stroke's number in pixels."""

NUMBERED = 15
"""Most strokes that have numbers; of more, the colour says the order."""

FIRST, BETWEEN, LAST = (0, 90, 181), (150, 80, 150), (220, 90, 0)
"""From the colour of the first of many strokes to that of the last."""

FAINT = 0.16
"""How dark the picture shows through under the numbered strokes."""

STEP_TILE = 112
"""Images of a reconstruction sheet are enlarged by the largest whole number that keeps them within it, in pixels."""


class Entry(NamedTuple):
    """A picture (RGB) and what was drawn of it; `ink` [h, w] in [0, 1] is where the picture's ink was seen."""

    name: str
    picture: Image.Image
    ink: NDArray[np.float32]
    drawing: Drawing


def contact_sheet(entries: Sequence[Entry], columns: int = 2) -> Image.Image:
    """Per entry: the picture, what its strokes draw, and the strokes in colour, numbered in order at their starts.

    Of many strokes the colour says the order, from blue to orange.

    Raises:
        DoodError: no entries, or no columns.
    """
    if not entries or columns < 1:
        raise DoodError(
            f"a contact sheet of {len(entries)} pictures in {columns} columns: at least one of each is needed"
        )
    columns = min(columns, len(entries))
    rows = math.ceil(len(entries) / columns)
    width, height = 3 * TILE + 2 * GAP, TILE + HEAD
    size = columns * (width + MARGIN) + MARGIN, HEAD + rows * (height + GAP) + MARGIN
    sheet = Image.new("RGB", size, GROUND)
    draw = ImageDraw.Draw(sheet)
    for column in range(columns):
        for i, caption in enumerate(("picture", "drawn by the strokes", "in this order")):
            middle = MARGIN + column * (width + MARGIN) + i * (TILE + GAP) + TILE / 2
            draw.text((middle, HEAD / 2 + 4), caption, CAPTION, _font(13), "mm")
    for index, entry in enumerate(entries):
        row, column = divmod(index, columns)
        left, top = MARGIN + column * (width + MARGIN), HEAD + row * (height + GAP)
        for i, tile in enumerate((_fitted(entry.picture), _drawn(entry.drawing), _numbered(entry))):
            sheet.paste(tile, (left + i * (TILE + GAP), top))
        count = len(entry.drawing.strokes)
        text = f"{entry.name}, {count} stroke{'s' if count != 1 else ''}"
        if count > NUMBERED:
            text += ", from blue to orange"
        draw.text((left + 2, top + TILE + HEAD / 2 - 3), text, CAPTION, _font(13), "lm")
    return sheet


def reconstruction_sheet(targets: ArrayLike, steps: ArrayLike, counts: ArrayLike) -> Image.Image:
    """One row an image: the target, then the canvas after 1, 2, ... strokes with the newest ink in its stroke's colour.

    Arguments:
        targets: [n, h, w], ink in [0, 1].
        steps: [n, t + 1, h, w], canvases after 0, 1, ... t strokes.
        counts: [n], how many strokes count; the canvases after those are left grey.

    Raises:
        DoodError: the shapes do not go together.
    """
    target, step, count = np.asarray(targets), np.asarray(steps), np.asarray(counts)
    fit = target.ndim == 3 and step.ndim == 4 and (len(step), *step.shape[2:]) == target.shape
    if not fit or step.shape[1] < 1 or count.shape != target.shape[:1]:
        raise DoodError(f"targets {target.shape}, steps {step.shape} and counts {count.shape} do not go together")
    zoom = max(1, STEP_TILE // max(target.shape[1:]))
    tall, wide = (side * zoom for side in target.shape[1:])
    strokes = step.shape[1] - 1
    size = MARGIN + (strokes + 1) * (wide + GAP) + GAP, HEAD + len(target) * (tall + GAP) + MARGIN // 2
    sheet = Image.new("RGB", size, GROUND)
    draw = ImageDraw.Draw(sheet)
    for t in range(strokes + 1):
        left = MARGIN // 2 + t * (wide + GAP) + (GAP if t else 0)
        draw.text((left + wide / 2, HEAD / 2), str(t) if t else "target", CAPTION, _font(13), "mm")
        for i in range(len(target)):
            top = HEAD + i * (tall + GAP)
            if t > count[i]:
                draw.rectangle((left, top, left + wide - 1, top + tall - 1), UNUSED)
                continue
            before, after = (step[i, t - 1], step[i, t]) if t else (target[i], target[i])
            sheet.paste(_enlarged(_newest(before, after, PALETTE[(t - 1) % len(PALETTE)]), zoom), (left, top))
    return sheet


def drawing_grid(drawings: Sequence[Drawing], columns: int = 10) -> Image.Image:
    """Drawings in black, row by row.

    Raises:
        DoodError: no drawings, or no columns.
    """
    if not drawings or columns < 1:
        raise DoodError(f"a grid of {len(drawings)} drawings in {columns} columns: at least one of each is needed")
    return tiled([_tile(drawing) for drawing in drawings], columns)


def tiled(tiles: Sequence[Image.Image], columns: int, *, gap: int = GAP, ground: Colour | int = GROUND) -> Image.Image:
    """Pictures of one size and mode, row by row, on ground of one colour."""
    columns = min(columns, len(tiles))
    wide, tall = tiles[0].width + gap, tiles[0].height + gap
    size = columns * wide + gap, math.ceil(len(tiles) / columns) * tall + gap
    sheet = Image.new(tiles[0].mode, size, ground)
    for i, tile in enumerate(tiles):
        row, column = divmod(i, columns)
        sheet.paste(tile, (gap + column * wide, gap + row * tall))
    return sheet


def image_grids(grids: Sequence[ArrayLike], columns: int = 10) -> Image.Image:
    """Images in black on white, grid beside grid.

    Arguments:
        grids: [n, h, w] each, ink in [0, 1]; as many images of one size in each.
    """
    shown = [np.asarray(grid) for grid in grids]
    blocks = []
    for grid in shown:
        count, height, width = grid.shape
        rows = -(-count // columns)
        padded = np.concatenate([grid, np.zeros((rows * columns - count, height, width), grid.dtype)])
        blocks.append(padded.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, -1))
    sheet = Image.new("L", (sum(each.shape[1] for each in blocks) + 2 * GAP * (len(blocks) - 1), len(blocks[0])), 160)
    left = 0
    for block in blocks:
        sheet.paste(Image.fromarray(np.uint8(255 * (1 - block.clip(0, 1)))), (left, 0))
        left += block.shape[1] + 2 * GAP
    return sheet


def completion_sheet(given: Drawing, drawings: Sequence[Drawing], columns: int = 9) -> Image.Image:
    """A partial drawing in black, then what it was made into: the strokes that were added in the first colour.

    Raises:
        DoodError: no drawings, or no columns.
    """
    if not drawings or columns < 1:
        raise DoodError(f"{len(drawings)} completions in {columns} columns: at least one of each is needed")
    tiles = [_tile(given)]
    for drawing in drawings:
        scale = STEP_TILE / max(drawing.width, drawing.height)
        before, after = (_fitted(one.to_png(scale), STEP_TILE).convert("L") for one in (given, drawing))
        old, new = (1 - np.asarray(tile) / 255 for tile in (before, after))
        tiles.append(Image.fromarray(_newest(old, new, PALETTE[0])))
    return tiled(tiles, columns)


def invention_sheet(scripts: Sequence[tuple[Sequence[Drawing], Sequence[Drawing]]], columns: int = 10) -> Image.Image:
    """Of each script the given characters on blue paper, and beneath them the new ones on white.

    Raises:
        DoodError: no drawings, or no columns.
    """
    if columns < 1 or not any(given or made for given, made in scripts):
        raise DoodError(f"a sheet of {len(scripts)} scripts in {columns} columns: at least one drawing is needed")
    tiles: list[Image.Image] = []
    for given, made in scripts:
        for drawings, paper in ((given, GIVEN), (made, WHITE)):
            sheet = Image.new("RGB", (STEP_TILE, STEP_TILE), paper)
            tiles += [ImageChops.multiply(_tile(drawing), sheet) for drawing in drawings]
            tiles += [Image.new("RGB", sheet.size, GROUND)] * (-len(tiles) % columns)
    return tiled(tiles, columns)


def save_image(image: Image.Image, path: str | Path) -> None:
    """Write a PNG, whole or not at all.

    Raises:
        DoodError: the file cannot be written.
    """
    with atomic_write(path) as file:
        save_png(image, file)


def _newest(before: NDArray, after: NDArray, colour: Colour) -> NDArray[np.uint8]:
    """Ink on white, [h, w, 3]: what was there before in black, what is new in colour."""
    old = np.clip(np.minimum(before, after), 0, 1)[..., None]
    new = np.clip(after, 0, 1)[..., None] - old
    mixed = (1 - old - new) * np.array(WHITE) + old * np.array(INK) + new * np.array(colour)
    return np.rint(mixed).astype(np.uint8)


def _enlarged(pixels: NDArray[np.uint8], zoom: int) -> Image.Image:
    return Image.fromarray(pixels.repeat(zoom, 0).repeat(zoom, 1))


def _fitted(picture: Image.Image, tile: int = TILE) -> Image.Image:
    """A picture on a white square; small ones keep their pixels visible."""
    scale = tile / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    how = Image.Resampling.BOX if scale > 2 else Image.Resampling.LANCZOS
    square = Image.new("RGB", (tile, tile), WHITE)
    square.paste(picture.convert("RGB").resize(size, how), ((tile - size[0]) // 2, (tile - size[1]) // 2))
    return square


def _tile(drawing: Drawing) -> Image.Image:
    """A drawing in black, for a grid."""
    return _fitted(drawing.to_png(STEP_TILE / max(drawing.width, drawing.height)), STEP_TILE)


def _drawn(drawing: Drawing) -> Image.Image:
    """The strokes in black, as wide as they are."""
    return _fitted(drawing.to_png(TILE / max(drawing.width, drawing.height)))


def _numbered(entry: Entry) -> Image.Image:
    """The strokes in colour over the faint picture, numbered at their starts if they are few."""
    strokes = entry.drawing.strokes
    faint = Image.fromarray(np.rint(255 * (1 - FAINT * np.clip(entry.ink, 0, 1))).astype(np.uint8))
    brush = _Brush(entry.drawing, faint)
    many = len(strokes) > NUMBERED
    for i, stroke in enumerate(strokes):
        brush.stroke(stroke, _blended(i / (len(strokes) - 1)) if many else PALETTE[i % len(PALETTE)])
    if not many:
        brush.numbers(strokes)
    return brush.tile()


def _blended(share: float) -> Colour:
    """The colour of a stroke after so much of a drawing."""
    red, green, blue = (round(float(np.interp(share, (0, 0.5, 1), (FIRST[i], BETWEEN[i], LAST[i])))) for i in range(3))
    return red, green, blue


class _Brush:
    """Draws strokes of one drawing on a tile."""

    def __init__(self, drawing: Drawing, under: Image.Image) -> None:
        side = TILE * FINE
        self.scale = side / max(drawing.width, drawing.height)
        self.shift = (side - self.scale * np.array([drawing.width, drawing.height])) / 2
        self.image = _fitted(under, side)
        self.draw = ImageDraw.Draw(self.image)

    def stroke(self, stroke: Stroke, colour: Colour) -> None:
        """One stroke, as a line that is neither too thin to have a colour nor so thick that it hides others."""
        points = [(float(x), float(y)) for x, y in self._place(stroke.curve(SAMPLES))]
        widths = np.clip(stroke.width_at(SAMPLES) * self.scale / FINE, *LINE) * FINE
        for (x, y), (to_x, to_y), width in zip(points, [*points[1:], points[-1]], widths.tolist(), strict=True):
            self.draw.line((x, y, to_x, to_y), colour, max(1, round(width)))
            self.draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), colour)

    def numbers(self, strokes: Sequence[Stroke]) -> None:
        """1, 2, ... just before the starts, and off one another."""
        taken: list[NDArray[np.float64]] = []
        for i, stroke in enumerate(strokes):
            taken.append(self._free_place(self._place(stroke.curve(32)), taken))
            self._badge(taken[-1], i + 1)

    def tile(self) -> Image.Image:
        return self.image.reduce(FINE)

    def _place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """From the user's pixels to those of the enlarged tile."""
        return points * self.scale + self.shift

    def _free_place(self, curve: NDArray[np.float64], taken: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Where a number fits: behind the start if possible, else on another side of it."""
        radius = BADGE * FINE
        back = curve[0] - curve[2]
        behind = math.atan2(back[1], back[0]) if back.any() else -math.pi / 2
        places = []
        for turn in (0, 0.6, -0.6, 1.2, -1.2, 1.8, -1.8, math.pi):
            for reach in (1.25, 2.2, 3.2):
                direction = np.array([math.cos(behind + turn), math.sin(behind + turn)])
                place = np.clip(curve[0] + reach * radius * direction, radius + 2, TILE * FINE - radius - 2)
                gap = min((float(np.hypot(*(place - other))) for other in taken), default=math.inf)
                places.append((max(0.0, 2.1 * radius - gap) * 10 + reach * radius + abs(turn) * radius / 4, place))
        return min(places, key=lambda scored: scored[0])[1]

    def _badge(self, place: NDArray[np.float64], number: int) -> None:
        colour = PALETTE[(number - 1) % len(PALETTE)]
        x, y = place.tolist()
        for radius, fill in ((BADGE + 1.2, WHITE), (BADGE, colour)):
            reach = radius * FINE
            self.draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill)
        bright = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 145
        self.draw.text((x, y), str(number), INK if bright else WHITE, _font(12 * FINE), "mm")


@functools.lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
