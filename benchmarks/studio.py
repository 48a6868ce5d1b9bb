"""The studio in a browser: from a dropped picture to its first stroke; frames while a moment or a page is dragged."""

import base64
import io
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.timing import ROOT, Result
from dood.samples import sample_paths

__all__ = ["run"]

DROP = """async ([text, name]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)), transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, {type: "image/png"}));
    const began = performance.now();
    for (const kind of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const scrub = document.getElementById("scrub");
    while (document.body.dataset.stage !== "trace" || !(scrub.value > 0)) await frame();
    await frame();
    return (performance.now() - began) / 1000;
}"""
"""Seconds until a part of a stroke has been drawn."""

SCRUB = """async (moments) => {
    const scrub = document.getElementById("scrub"), times = [];
    let before = await new Promise((done) => requestAnimationFrame(done));
    for (const moment of moments) {
        scrub.value = moment;
        scrub.dispatchEvent(new Event("input", {bubbles: true}));
        const now = await new Promise((done) => requestAnimationFrame(done));
        times.push(now - before);
        before = now;
    }
    return times;
}"""
"""Milliseconds from frame to frame."""

LOOK = """async ([kind, moves]) => {
    const canvas = document.getElementById("canvas"), box = canvas.getBoundingClientRect(), times = [];
    const middle = {clientX: box.left + box.width / 2, clientY: box.top + box.height / 2};
    const said = {bubbles: true, cancelable: true, pointerId: 1};
    let before = await new Promise((done) => requestAnimationFrame(done));
    for (const [dx, dy] of moves) {
        const at = {...said, clientX: middle.clientX + dx, clientY: middle.clientY + dy};
        const wheel = {...said, ...middle, deltaY: dy};
        canvas.dispatchEvent(kind === "pan" ? new PointerEvent("pointermove", at) : new WheelEvent("wheel", wheel));
        const now = await new Promise((done) => requestAnimationFrame(done));
        times.push(now - before);
        before = now;
    }
    return times;
}"""
"""As SCRUB, while the page is moved by a held pointer, or zoomed by the wheel."""

FORTH = [1000 * i // 60 for i in range(1, 60)]
MOVES = {"forth": FORTH, "back": FORTH[::-1], "jumps": [(i * 617) % 1000 for i in range(1, 60)]}
LOOKS = {
    "pan": [(4 * i, 3 * i) for i in range(1, 31)] + [(4 * i, 3 * i) for i in range(30, 0, -1)],
    "zoom": [(0, -25)] * 30 + [(0, 25)] * 30,
}


def run(*, repeats: int = 5, rows: int = 20, page_rows: int = 63) -> Result:
    """`studio_first_stroke_s`: wall seconds from drop to stroke; `studio_frame_*_ms`: medians with 40 strokes a row.

    Nothing is measured where there is no Chromium.

    Arguments:
        rows: of the page that is played.
        page_rows: of the page that is moved and zoomed.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return Result({})
    from playwright.sync_api import sync_playwright

    with _served() as (address, process), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        figures = _first_stroke(browser, address, process, repeats) | _frames(_opened(browser, address), rows)
        figures |= _looks(_opened(browser, address), page_rows)
        browser.close()
    return Result(figures)


def _first_stroke(browser: Any, address: str, process: int, repeats: int) -> dict[str, float]:
    waits, used = [], []
    for _ in range(repeats):
        page, before = _opened(browser, address), _cpu_of(process)
        waits.append(page.evaluate(DROP, [_text(_drawing_of_500()), "house.png"]))
        used.append(_cpu_of(process) - before)
        page.context.close()
    return {"studio_first_stroke_s": statistics.median(waits), "studio_first_stroke_cpu_s": statistics.median(used)}


def _frames(page: Any, rows: int) -> dict[str, float]:
    page.evaluate(DROP, [_text(_many_strokes(rows)), "many.png"])
    figures = {"studio_strokes": page.locator("#strokes li[data-i]").count()}
    for name, moments in MOVES.items():
        figures |= _measured(page, name, SCRUB, moments)
    page.context.close()
    return figures


def _looks(page: Any, rows: int) -> dict[str, float]:
    page.evaluate(DROP, [_text(_many_strokes(rows)), "page.png"])
    page.locator("#scrub").fill("1000")
    page.locator("#canvas").hover()
    page.mouse.down()
    figures = {"studio_page_strokes": float(page.locator("#clock").text_content().split("/")[1])}
    for name, moves in LOOKS.items():
        figures |= _measured(page, name, LOOK, moves, name)
        page.mouse.up()
        page.wait_for_timeout(500)  # it is drawn sharp again
    page.context.close()
    return figures


def _measured(page: Any, name: str, script: str, moves: list[Any], *more: Any) -> dict[str, float]:
    """Median time from frame to frame, and processor time of the whole browser a frame."""
    before = _cpu_of(os.getpid())
    times = page.evaluate(script, [*more, moves] if more else moves)
    used = 1000 * (_cpu_of(os.getpid()) - before) / len(moves)
    return {f"studio_frame_{name}_ms": statistics.median(times), f"studio_frame_{name}_cpu_ms": used}


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    """Address and process of a studio."""
    command = [sys.executable, "-m", "dood", "studio", "--no-browser", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip(), server.pid
        finally:
            server.terminate()


def _opened(browser: Any, address: str) -> Any:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.wait_for_timeout(1500)  # a person needs longer to find a picture
    return page


def _cpu_of(pid: int) -> float:
    """Seconds of processor time of a process and all that it started and that still live."""
    ticks: dict[int, int] = {}
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)], ticks[int(folder.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    tree, found = {pid}, 0
    while len(tree) > found:
        found = len(tree)
        tree |= {child for child, parent in parents.items() if parent in tree}
    return sum(ticks.get(each, 0) for each in tree) / os.sysconf("SC_CLK_TCK")


def _drawing_of_500() -> Image.Image:
    house = next(path for path in sample_paths() if path.stem == "house")
    return Image.open(house).convert("L").resize((500, 500), Image.Resampling.LANCZOS)


def _many_strokes(rows: int, columns: int = 40, pitch: int = 36) -> Image.Image:
    """Separate arcs and lines in rows, as many as there are places."""
    image = Image.new("L", (columns * pitch, rows * pitch), 255)
    pen, chance = ImageDraw.Draw(image), np.random.default_rng(0)
    for i in range(rows * columns):
        x, y = i % columns * pitch + 5, i // columns * pitch + 5
        ends = np.sort(chance.uniform(0, 360, 2))
        pen.arc((x, y, x + 24, y + 24), ends[0], ends[1] + 40, 0, 3)
    return image


def _text(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
