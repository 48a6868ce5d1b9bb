"""The page in a real browser: what a person does with it, with no error and no request that leaves this machine."""

import base64
from pathlib import Path
from typing import Any

import pytest

from dood.drawing import Drawing
from dood.samples import sample_paths
from tests.browsing import DROP, HOUSE, draw_on_the_pad, ink_on, strokes_of, tap_until, trace_house, until

pytest.importorskip("starlette", reason="needs the extra studio")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")


def test_the_token_does_not_stay_in_the_address(page: Any) -> None:
    assert "token" not in page.url
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("#examples img").count() == len(sample_paths())


def test_a_dropped_picture_is_traced_and_taken_away(page: Any, tmp_path: Path) -> None:
    page.evaluate(DROP, {"text": base64.b64encode(HOUSE.read_bytes()).decode(), "name": "my house.png"})
    page.wait_for_selector("body[data-stage=trace]")
    count = strokes_of(page)
    assert count >= 3
    for label, ending in (("SVG", ".svg"), ("Animated SVG", ".animated.svg"), ("GIF", ".gif"), ("JSON", ".json")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {label}", exact=True).click()
        assert download.value.suggested_filename == f"my house{ending}"
        download.value.save_as(tmp_path / f"house{ending}")
    assert (tmp_path / "house.svg").read_text().count("<path") == count
    assert len(Drawing.load(tmp_path / "house.json").strokes) == count


def test_the_scrubber_goes_through_the_strokes(page: Any) -> None:
    trace_house(page)
    page.locator("#opacity").fill("0")
    seen = []
    for moment in ("0", "500", "1000"):
        page.locator("#scrub").fill(moment)
        assert until(page, lambda: ink_on(page, "#canvas") > seen[-1] if seen else not ink_on(page, "#canvas"))
        seen.append(ink_on(page, "#canvas"))
    page.get_by_role("button", name="One stroke back").click()
    count = strokes_of(page)
    assert page.locator("#clock").text_content() == f"{count - 1} / {count}"


def test_a_picture_is_pasted(page: Any) -> None:
    page.evaluate(
        """(text) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)), transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "pasted.png", {type: "image/png"}));
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true}));
        }""",
        base64.b64encode(HOUSE.read_bytes()).decode(),
    )
    page.wait_for_selector("body[data-stage=trace]")
    assert strokes_of(page) >= 3


def test_fingers_zoom_move_and_pick(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 760}, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    trace_house(page)
    page.locator("#stage").scroll_into_view_if_needed()
    fingers, box = context.new_cdp_session(page), page.locator("#canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def touch(kind: str, *apart: float) -> None:
        points = [{"x": middle[0] + dx, "y": middle[1], "id": i} for i, dx in enumerate(apart)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def spread() -> float:
        """Pixels from the topmost line to the lowest, in the column of the canvas's middle; 0 with none."""
        return page.evaluate(
            """() => {
                const canvas = document.getElementById("canvas"), at = Math.round(canvas.width / 2);
                const data = canvas.getContext("2d").getImageData(at, 0, 1, canvas.height).data, rows = [];
                for (let i = 0; i < data.length; i += 4) {
                    if (data[i + 3] > 0 && data[i] + data[i + 1] < 400) rows.push(i / 4);
                }
                return rows.length ? rows.at(-1) - rows[0] : 0;
            }"""
        )

    before = spread()
    touch("touchStart", -30, 30)
    for apart in (33, 36, 39):
        touch("touchMove", -apart, apart)
    touch("touchEnd")
    nearer = pytest.approx(1.3 * before, rel=0.15)
    assert until(page, lambda: spread() == nearer), "fingers that go apart bring it nearer"
    touch("touchStart", 0)
    for x in range(0, 400, 20):
        touch("touchMove", x)
    touch("touchEnd")
    assert until(page, lambda: spread() == 0), "one finger moves it away"
    page.get_by_role("button", name="Fit the whole drawing").click()
    for x in range(0, 100, 4):
        page.touchscreen.tap(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * 0.6)
        if page.locator("#strokes [aria-pressed=true]").count():
            break
    assert page.locator("#strokes [aria-pressed=true]").count() == 1
    context.close()


def test_play_ends_with_the_whole_drawing(page: Any) -> None:
    trace_house(page)
    page.locator("#speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert page.locator("#scrub").input_value() == "1000"


def test_scrubbing_back_draws_few_strokes_anew(browser: Any, address: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    most = page.evaluate(
        """async () => {
            const { Finished } = await import("/page/layers.js");
            const layer = new Finished(), strokes = Array(800).fill(0), place = [1, 0, 0, 1, 0, 0];
            let drawn = 0, most = 0;
            layer.clear(strokes, 1000, 800, place);
            layer.upTo(800, () => {});
            for (let i = 0; i < 400; i++) {
                drawn = 0;
                layer.upTo((i * 617) % 800, () => drawn++);
                if (i > 0) most = Math.max(most, drawn);
            }
            return most;
        }"""
    )
    assert most < 40
    page.close()


def test_options_are_changed_and_seen(page: Any) -> None:
    trace_house(page)
    count = strokes_of(page)
    page.locator("summary", has_text="Tracing").click()
    with page.expect_response(lambda response: "join=false" in response.url):
        page.get_by_label("Strokes go on through where lines meet").uncheck()
    sync_api.expect(page.locator("#strokes li")).not_to_have_count(count)
    assert strokes_of(page) > count
    page.locator("#undo").click()
    assert strokes_of(page) == count


def test_a_drawing_of_ones_own_is_compared_and_opened(page: Any) -> None:
    page.get_by_role("button", name="Draw one").click()
    draw_on_the_pad(page, [(-0.4, 0.2), (0.4, 0.6)], [(-0.4, 0.7), (0.4, 0.7)])
    page.get_by_role("button", name="Compare").click()
    page.locator("#theirs").wait_for()
    assert page.locator("#theirs figcaption").text_content().endswith("2 strokes")
    assert until(page, lambda: ink_on(page, "#found") > 50)
    page.get_by_role("button", name="Open in Trace").click()
    page.wait_for_selector("body[data-stage=trace]")
    assert strokes_of(page) == 2


def test_the_wheel_zooms_and_a_click_picks_a_stroke(page: Any) -> None:
    trace_house(page)
    tap_until(page, lambda: page.locator("#strokes [aria-pressed=true]").count() > 0)
    assert page.locator("#strokes [aria-pressed=true]").count() == 1
    before = ink_on(page, "#canvas")
    page.mouse.wheel(0, -200)
    assert until(page, lambda: ink_on(page, "#canvas") != before)


def test_everything_that_can_be_used_has_a_name(page: Any) -> None:
    trace_house(page)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, canvas")]
            .filter((each) => !(each.getAttribute("aria-label") || each.textContent.trim() || each.labels?.length))
            .map((each) => each.outerHTML)"""
    )
    assert nameless == []


def test_errors_are_shown_in_the_servers_words(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    page.set_input_files("#file", {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.locator("#notice").wait_for()
    assert "x.png is no image that can be read" in page.locator("#notice").text_content()
    page.evaluate("sessionStorage.clear()")
    page.goto(address.partition("#")[0])
    page.locator("#notice").wait_for()
    assert "token is missing" in page.locator("#notice").text_content()
    page.close()


def test_a_slow_job_is_told_of_and_cancelled(page: Any) -> None:
    waiting: list[Any] = []
    page.route("**/api/trace?*", lambda route: waiting.append(route))
    page.get_by_role("button", name="Trace the example house").click()
    page.get_by_role("button", name="Cancel").click()
    page.locator("#busy").wait_for(state="hidden")
    assert page.evaluate("document.body.dataset.stage") == "start"
    assert len(waiting) == 1
