"""A drawing in a notebook, with the player of the studio's page."""

import re
from importlib.resources import files
from typing import Any

from dood.drawing import Drawing
from dood.drawing.formats.json_format import to_plain
from dood.errors import DoodError

__all__ = ["show"]

ENTRY = "widget"
IMPORT = re.compile(r'^import \{ (.+) \} from "/page/(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
COLOURS = ("order", "pen", "ink")

STAGE = '<div class="stage"><canvas id="canvas" tabindex="0" role="img"></canvas></div>'


def show(drawing: Drawing, *, colours: str = "order") -> Any:
    """A widget that draws a drawing stroke by stroke, to be played, dragged to any moment, zoomed and moved.

    In a notebook, a cell whose value is this shows it. A drawing by itself is shown as an animation that needs nothing
    installed, and stays in the saved notebook.

    Arguments:
        colours: of the strokes, by their "order", those of the "pen", or "ink".

    Raises:
        DoodError: anywidget is not installed, or there are no such colours.
    """
    if colours not in COLOURS:
        raise DoodError(f"colours {colours!r} are unknown: use {', '.join(COLOURS)}")
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise DoodError("showing drawings in a notebook needs anywidget: pip install 'dood[notebook]'") from error

    class DrawingWidget(anywidget.AnyWidget):
        _esm = bundle()
        drawing = traitlets.Dict().tag(sync=True)
        markup = traitlets.Unicode().tag(sync=True)
        colours = traitlets.Unicode().tag(sync=True)

    return DrawingWidget(drawing=to_plain(drawing), markup=markup(), colours=colours)


def bundle() -> str:
    """The page's modules that the widget needs, as one: each a function of its own, which returns what it exports."""
    done: dict[str, str] = {}
    _add(ENTRY, done)
    return "\n".join([*done.values(), f"export default {{ render: of_{ENTRY}.render }};", ""])


def _add(name: str, done: dict[str, str]) -> None:
    """Put a module behind those that it imports."""
    source = _page(f"{name}.js")
    for _, other in IMPORT.findall(source):
        if other not in done:
            _add(other, done)
    body = EXPORT.sub("", IMPORT.sub(r"const { \1 } = of_\2;", source))
    exported = ", ".join(EXPORT.findall(source))
    done[name] = f"const of_{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def markup() -> str:
    """The style sheet and the parts of the page that the player needs."""
    page, style = _page("index.html"), _page("style.css").replace(":root", ":host")
    symbols = page[page.index("<svg hidden>") : page.index("</svg>\n\n<header") + len("</svg>")]
    player = page[page.index('<div id="player"') : page.index("</main>")].replace(" hidden>", ">", 1)
    return f'<style>{style}{OWN}</style>{symbols}<div class="notebook">{STAGE}{player}</div>'


OWN = """
:host { display: block; max-width: 720px; color: var(--text); }
.notebook { background: var(--ground); border-radius: var(--radius); overflow: hidden; }
.notebook .stage { height: 420px; border-radius: 0; }
.notebook .player { padding: 8px 14px; }
"""


def _page(name: str) -> str:
    return files("dood.studio").joinpath("page", name).read_text("utf-8")
