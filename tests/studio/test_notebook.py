"""A drawing in a notebook: the page's own modules as one, in a browser as anywidget runs them."""

from typing import Any

import pytest

import dood
from dood.drawing import Drawing, Stroke
from dood.drawing.formats.json_format import to_plain
from dood.errors import DoodError
from dood.studio.notebook import bundle, markup
from tests.browsing import until

DRAWING = Drawing(100, 80, (Stroke([[10, 10], [90, 10]], 4), Stroke([[10, 60], [50, 20], [90, 60]], 4)))

RENDER = """async ([code, values]) => {
    const module = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
    for (let i = 0; i < 2; i++) {
        const el = document.createElement("div");
        document.body.append(el);
        module.default.render({ model: { get: (name) => values[name] }, el });
    }
}"""

INK = """() => [...document.querySelectorAll("body > div > div")].map((host) => {
    const canvas = host.shadowRoot.getElementById("canvas");
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let inked = 0;
    for (let i = 0; i < data.length; i += 4) inked += data[i + 3] > 0 && data[i] + data[i + 1] < 400;
    return inked;
})"""


def test_one_module_imports_nothing_and_exports_render() -> None:
    code = bundle()
    assert "import {" not in code
    assert "/page/" not in code
    assert code.count("export ") == 1
    assert "#i-play" in markup()


def test_two_drawings_play_beside_each_other(browser: Any) -> None:
    page, wrong = browser.new_page(reduced_motion="reduce"), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.evaluate(RENDER, [bundle(), {"drawing": to_plain(DRAWING), "markup": markup(), "colours": "order"}])
    assert until(page, lambda: min(page.evaluate(INK)) > 100)
    whole = page.evaluate(INK)
    assert whole[0] == whole[1]
    page.get_by_role("slider", name="Time").first.fill("0")
    assert until(page, lambda: page.evaluate(INK) == [0, whole[1]]), "each has a player of its own"
    page.get_by_role("button", name="One stroke on").first.click()
    assert until(page, lambda: 0 < page.evaluate(INK)[0] < whole[0])
    assert wrong == []
    page.close()


def test_show_makes_a_widget_of_the_drawing() -> None:
    pytest.importorskip("anywidget", reason="needs the extra notebook")
    widget = dood.show(DRAWING, colours="ink")
    assert widget.drawing == to_plain(DRAWING)
    assert widget.colours == "ink"
    widget.close()


def test_colours_that_there_are_not_are_refused() -> None:
    with pytest.raises(DoodError, match="colours 'red' are unknown"):
        dood.show(DRAWING, colours="red")
