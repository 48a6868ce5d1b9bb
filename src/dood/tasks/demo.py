"""Demo: the bundled samples, drawn by a bundled model, with a contact sheet and a web page."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from dood.errors import DoodError
from dood.figures.sheets import Entry, contact_sheet, save_image
from dood.files import atomic_write
from dood.pictures import Picture, load_picture
from dood.samples import sample_paths
from dood.tasks.draw import DrawnFile, draw_files

__all__ = ["DemoReport", "demo"]

FORMATS = ("svg", "animated-svg", "json", "gif")
TYPES = {".png": "image/png", ".jpg": "image/jpeg"}

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>dood: drawings and their strokes</title>
<style>
body {{ margin: 2rem; font: 15px/1.4 system-ui, sans-serif; color: #1a1c21; background: #edeff3 }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 1rem }}
figure {{ margin: 0; padding: .75rem; border-radius: .5rem; background: #fff }}
figure div {{ display: grid; grid-template-columns: 1fr 1fr; gap: .5rem }}
img {{ width: 100%; aspect-ratio: 1; object-fit: contain; cursor: pointer }}
</style>
<h1>Drawings and their strokes</h1>
<p>Left the picture, right the pen strokes found in it, one after another. Click a picture to see them drawn again.</p>
<main>
{figures}
</main>
<script>
onclick = event => {{
  const strokes = event.target.closest("div")?.lastElementChild
  if (strokes) strokes.replaceWith(Object.assign(strokes.cloneNode(), {{ src: strokes.src + "#" + Date.now() }}))
}}
</script>
</html>
"""

FIGURE = """\
<figure><div><img src="{picture}" alt="picture of {name}"><img src="{strokes}" alt="strokes of {name}"></div>
<figcaption>{name}: {count} stroke{plural}</figcaption></figure>"""


@dataclass(frozen=True)
class DemoReport:
    """The files that were written, and which of them is the contact sheet."""

    outputs: list[Path]
    sheet: Path


def demo(out: str | Path, *, model: str | Path | None = None) -> DemoReport:
    """Draw the bundled samples into the folder `out`, with a contact sheet and a page of them all.

    Arguments:
        model: as for `dood.draw`.

    Raises:
        DoodError: unknown model, or `out` cannot be written.
    """
    drawn: list[DrawnFile] = []
    report = draw_files(sample_paths(), out, formats=FORMATS, model=model, callback=drawn.append)
    if report.failed:
        raise DoodError("; ".join(reason for _, reason in report.failed))
    sheet, page = Path(out) / "contact-sheet.png", Path(out) / "index.html"
    save_image(contact_sheet([_entry(each) for each in drawn]), sheet)
    with atomic_write(page) as file:
        file.write(_page(drawn).encode())
    return DemoReport([*(path for each in drawn for path in each.outputs), sheet, page], sheet)


def _entry(drawn: DrawnFile) -> Entry:
    picture = load_picture(drawn.source)
    with Image.open(drawn.source) as image:
        return Entry(drawn.source.stem, _shown(image, picture), picture.ink, drawn.drawing)


def _shown(image: Image.Image, picture: Picture) -> Image.Image:
    """The picture as people see it: transparent parts are paper, and deep greys are brought to 8 bits."""
    if image.mode.startswith("I"):
        grey = 1 - picture.ink if picture.polarity == "dark" else picture.ink
        return Image.fromarray((255 * grey).round().astype("uint8")).convert("RGB")
    coloured = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white" if picture.polarity == "dark" else "black")
    return Image.alpha_composite(paper, coloured).convert("RGB")


def _page(drawn: Sequence[DrawnFile]) -> str:
    figures = []
    for one in drawn:
        count = len(one.drawing.strokes)
        picture = _data_url(one.source.read_bytes(), TYPES[one.source.suffix])
        strokes = _data_url(one.drawing.to_svg(animated=True).encode(), "image/svg+xml")
        figures.append(
            FIGURE.format(
                picture=picture, strokes=strokes, name=escape(one.source.stem), count=count, plural="s" * (count != 1)
            )
        )
    return PAGE.format(figures="\n".join(figures))


def _data_url(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
