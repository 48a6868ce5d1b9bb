"""Zooming and moving a large drawing: what is drawn already is shown at once, and all of it sharp when it is still."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra studio")
pytest.importorskip("playwright.sync_api", reason="needs playwright")

SHEET = """async () => {
    const { Sheet } = await import("/page/sheet.js"), { Stroke } = await import("/page/stroke.js");
    const { Timeline } = await import("/page/timeline.js");
    const strokes = [];
    for (let i = 0; i < 600; i++) {
        const x = 20 + 18 * (i % 30), y = 20 + 18 * Math.floor(i / 30);
        strokes.push(new Stroke({points: [[x, y], [x + 6, y + 12], [x + 12, y]], width: 2}));
    }
    const size = {width: 580, height: 400}, timeline = new Timeline(strokes, size.width, size.height);
    const scene = () => ({...size, strokes, timeline, time: timeline.seconds, colours: "ink"});
    const canvas = () => {
        const made = document.createElement("canvas");
        made.style.cssText = "position: fixed; inset: 0; width: 580px; height: 400px";
        document.body.append(made);
        return made;
    };
    window.make = () => new Sheet(canvas(), scene);
    window.sheet = make();
    window.frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    window.still = async () => { for (let i = 0; i < 20; i++) await frame(); };
    window.drawn = 0;
    const stroke = OffscreenCanvasRenderingContext2D.prototype.stroke;
    OffscreenCanvasRenderingContext2D.prototype.stroke = function (path) { window.drawn++; stroke.call(this, path); };
    window.pixels = ({canvas}) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    window.inked = (data, left, top, right, bottom) => {
        let count = 0;
        for (let y = top; y < bottom; y++)
            for (let at = 4 * (580 * y + left); at < 4 * (580 * y + right); at += 4)
                count += data[at] < 120 && data[at + 3] > 0;
        return count;
    };
    await still();
}"""
"""Leaves a sheet of 600 strokes, and counts the strokes that are drawn on layers."""


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.evaluate(SHEET)
    yield page
    page.close()


def test_while_it_is_moved_no_stroke_is_drawn_anew(page: Any) -> None:
    drawn, before, after = page.evaluate(
        """async () => {
            const before = inked(pixels(sheet), 100, 100, 300, 300);
            window.drawn = 0;
            for (let i = 0; i < 20; i++) {
                sheet.view.pan(5, -3);
                sheet.look(true);
                await frame();
            }
            return [window.drawn, before, inked(pixels(sheet), 200, 40, 400, 240)];
        }"""
    )
    assert drawn == 0
    assert before > 200
    assert after == before, "the same pixels, elsewhere"


def test_when_it_is_still_it_is_as_sharp_as_if_drawn_there_at_first(page: Any) -> None:
    blurred, sharp = page.evaluate(
        """async () => {
            sheet.view.zoom(2.7, 150, 120);
            sheet.look(true);
            await frame();
            const blurred = pixels(sheet), fresh = make();
            sheet.settle();
            await still();
            Object.assign(fresh.view, sheet.view);
            fresh.redraw();
            await still();
            const wanted = pixels(fresh), found = pixels(sheet);
            const apart = (data) => data.reduce((sum, value, i) => sum + (value !== wanted[i]), 0);
            return [apart(blurred), apart(found)];
        }"""
    )
    assert blurred > 1000
    assert sharp == 0


def test_what_comes_into_view_is_seen_before_it_is_drawn_sharp(page: Any) -> None:
    drawn, inside, corner = page.evaluate(
        """async () => {
            sheet.view.zoom(3, 290, 200);
            sheet.look(true);
            await frame();
            sheet.settle();
            await still();
            window.drawn = 0;
            sheet.view.zoom(1 / 3, 290, 200);
            sheet.look(true);
            await frame();
            const data = pixels(sheet);
            return [window.drawn, inked(data, 200, 140, 380, 260), inked(data, 20, 20, 100, 100)];
        }"""
    )
    assert drawn == 0
    assert inside > 100
    assert corner > 30


def test_few_strokes_a_frame_are_drawn_when_it_becomes_still(page: Any) -> None:
    most, all_of_them = page.evaluate(
        """async () => {
            sheet.view.zoom(1.02, 0, 0);
            sheet.look(true);
            await frame();
            window.drawn = 0;
            sheet.settle();
            let most = 0, before = 0;
            for (let i = 0; i < 20; i++) {
                await new Promise((done) => requestAnimationFrame(done));
                most = Math.max(most, window.drawn - before);
                before = window.drawn;
            }
            return [most, window.drawn];
        }"""
    )
    assert all_of_them == 600
    assert most <= 200
