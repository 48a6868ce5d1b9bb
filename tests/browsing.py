"""What the tests of the studio's page do with it."""

import base64
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dood.samples import sample_paths

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

HOUSE = next(path for path in sample_paths() if path.stem == "house")

DROP = """async ({text, name}) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)), transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, {type: "image/png"}));
    for (const kind of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


def trace_house(page: Any) -> None:
    page.get_by_role("button", name="Trace the example house").click()
    page.wait_for_selector("body[data-stage=trace]")


def strokes_of(page: Any) -> int:
    return page.locator("#strokes li[data-i]").count()


def ink_on(page: Any, selector: str) -> int:
    """Pixels of a canvas that are neither paper nor outside of it."""
    return page.evaluate(
        """(selector) => {
            const canvas = document.querySelector(selector);
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            let inked = 0;
            for (let i = 0; i < data.length; i += 4) inked += data[i + 3] > 0 && data[i] + data[i + 1] < 400;
            return inked;
        }""",
        selector,
    )


def draw_on_the_pad(page: Any, *lines: list[tuple[float, float]]) -> None:
    """Lines with the mouse, in shares of the pad's shorter side from the middle of its top."""
    box = page.locator("#pad").bounding_box()
    side = min(box["width"], box["height"])
    for line in lines:
        places = [(box["x"] + box["width"] / 2 + x * side, box["y"] + y * side) for x, y in line]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=8)
        page.mouse.up()


def saved(page: Any, tmp_path: Path) -> dict[str, Any]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as JSON").click()
    download.value.save_as(tmp_path / "mended.json")
    return json.loads((tmp_path / "mended.json").read_text())


def until(page: Any, true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether that comes true in time: pages draw when they come to it, which on a busy machine is later."""
    for _ in range(int(20 * seconds)):
        if true():
            return True
        page.wait_for_timeout(50)
    return true()


def tap_until(page: Any, done: Callable[[], bool]) -> None:
    box = page.locator("#canvas").bounding_box()
    for x in range(0, 100, 4):
        page.mouse.click(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * 0.6)
        if done():
            return
    raise AssertionError("nothing was hit")


def looked_into(names: str, steps: int = 3, samples: int = 8) -> dict[str, Any]:
    """What the server might answer of models that look inside: noise in the right shapes."""
    chance = random.Random(0)

    def shades(*shape: int) -> dict[str, Any]:
        size = 1
        for side in shape:
            size *= side
        return {"shape": shape, "data": base64.b64encode(chance.randbytes(size)).decode()}

    def numbers(count: int) -> list[float]:
        return [chance.gauss(-1, 1) for _ in range(count)]

    def model(name: str) -> dict[str, Any]:
        pictures = {"image": shades(8, 8), "canvases": shades(steps + 1, 8, 8), "ink": shades(steps, 8, 8)}
        pictures |= {"drafts": shades(steps, 2, 6, 6), "glimpses": shades(steps, 2, 6, 6)}
        pictures["samples"] = shades(steps, samples, 8, 8)
        found = {each: numbers(steps) for each in ("log_q", "log_p")} | {"go_on": [0.9] * steps, "strokes": 2}
        found |= {each: numbers(steps + 1) for each in ("log_likelihood", "log_stop_q", "log_stop_p")}
        return pictures | found | {"name": name, "frames": [numbers(4) for _ in range(steps)]}

    return {"models": [model(name) for name in names.split(",")], "python": "import dood\n"}
