"""Make the pictures of docs/studio.md: the studio's page in Chromium, with models at work.

python scripts/make_studio_pictures.py --out docs/images
"""

import argparse
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from dood.files import make_folder

Line = list[tuple[float, float]]


def arc(x: float, y: float, radius: float, start: float, end: float) -> Line:
    angles = [math.radians(start + (end - start) * i / 60) for i in range(61)]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


FACE = [arc(0.5, 0.5, 0.33, 270, 630), arc(0.39, 0.42, 0.02, 0, 360), arc(0.61, 0.42, 0.02, 0, 360)]
FACE.append(arc(0.5, 0.5, 0.19, 150, 30))
TWO = [[*arc(0.5, 0.36, 0.16, 190, 395), (0.34, 0.78)]]
EXAMPLES = [
    [[(0.3, 0.8), (0.5, 0.2), (0.7, 0.8)], [(0.38, 0.6), (0.62, 0.6)]],
    [[(0.35, 0.2), (0.35, 0.8)], arc(0.35, 0.35, 0.15, -90, 90), arc(0.35, 0.65, 0.15, -90, 90)],
    [arc(0.5, 0.5, 0.25, -40, -320)],
]
QUERY = [[(0.25, 0.83), (0.46, 0.16), (0.73, 0.78)], [(0.36, 0.58), (0.64, 0.55)]]


def main() -> None:
    """Start a studio, use it, and take its picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    out = make_folder(parser.parse_args().out)
    command = [sys.executable, "-m", "dood", "studio", "--no-browser", "--quiet"]
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as play:
        assert server.stdout is not None
        try:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            address = server.stdout.readline().strip()
            context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
            take(context.new_page(), address, out)
            browser.close()
        finally:
            server.terminate()


def take(page: Any, address: str, out: Path) -> None:
    page.set_default_timeout(180_000)
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("button", name="Trace the example house").click()
    page.wait_for_selector("body[data-stage=trace]")
    page.locator("#scrub").fill("780")
    shoot(page, out / "studio.png")
    page.locator("#tab-draw").click()
    draw(page, "#pad", TWO)
    page.locator("#pad-continue").click()
    page.locator("#ghosts").wait_for()
    page.locator("#tiles button").nth(5).hover()
    shoot(page, out / "studio-continue.png")
    page.locator("#pad-clear").click()
    draw(page, "#pad", FACE)
    page.locator("#pad-again").click()
    page.locator("#ghosts").wait_for()
    shoot(page, out / "studio-again.png")
    page.locator("#tab-which").click()
    for i, lines in enumerate(EXAMPLES):
        draw(page, f"#examples-of li:nth-child({i + 1}) canvas", lines)
    draw(page, "#query", QUERY)
    page.locator("#which-ask").click()
    page.locator("#verdict", has_text="It is").wait_for()
    shoot(page, out / "studio-which.png")
    page.locator("#tab-inside").click()
    page.locator("#looks section").wait_for()
    page.get_by_role("button", name="Look into the example seven").click()
    page.locator("#inside-name", has_text="seven").wait_for()
    page.locator("#inside-beside").select_option("omniglot")
    page.locator("#looks section").nth(1).wait_for()
    page.locator("#inside-step").fill("2")
    shoot(page, out / "studio-inside.png")


def draw(page: Any, canvas: str, lines: list[Line]) -> None:
    """Draw with the mouse, in shares of the canvas's shorter side."""
    box = page.locator(canvas).bounding_box()
    side = min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"]
    for line in lines:
        for i, (x, y) in enumerate(line):
            page.mouse.move(left + x * side, top + y * side)
            if i == 0:
                page.mouse.down()
        page.mouse.up()


def shoot(page: Any, path: Path) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=path)


if __name__ == "__main__":
    main()
