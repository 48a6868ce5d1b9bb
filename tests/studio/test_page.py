"""The page in a real browser: what a person does with it, with no error and no request that leaves this machine."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dood.drawing import Drawing
from dood.samples import sample_paths

pytest.importorskip("starlette", reason="needs the extra studio")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

HOUSE = next(path for path in sample_paths() if path.stem == "house")

DROP = """async ({text, name}) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)), transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, {type: "image/png"}));
    for (const kind of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "dood", "studio", "--no-browser", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[1280, 360])
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """The page, loaded; at the end, nothing has gone wrong on it, and nothing asked of another server."""
    size = {"width": request.param, "height": 760}
    context = browser.new_context(viewport=size, accept_downloads=True, reduced_motion="reduce")
    page, wrong = context.new_page(), []
    page.set_default_timeout(15_000)
    page.on("console", lambda message: wrong.append(message.text) if is_wrong(message) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    home = address.partition("/#")[0]
    page.on("request", lambda asked: None if asked.url.startswith((home, "blob:")) else wrong.append(asked.url))
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    yield page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    context.close()
    assert wrong == []


def is_wrong(message: Any) -> bool:
    """An error or warning that is not of these tests' own reading of canvases."""
    return message.type in ("error", "warning") and "readback" not in message.text


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


def test_the_token_does_not_stay_in_the_address(page: Any) -> None:
    assert "token" not in page.url
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("#examples img").count() == len(sample_paths())


def test_a_dropped_picture_is_traced_and_taken_away(page: Any, tmp_path: Path) -> None:
    import base64

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
        page.wait_for_timeout(100)
        seen.append(ink_on(page, "#canvas"))
    assert seen[0] == 0 < seen[1] < seen[2]
    page.get_by_role("button", name="One stroke back").click()
    count = strokes_of(page)
    assert page.locator("#clock").text_content() == f"{count - 1} / {count}"


def test_play_ends_with_the_whole_drawing(page: Any) -> None:
    trace_house(page)
    page.locator("#speed").select_option("4")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert page.locator("#scrub").input_value() == "1000"


def test_strokes_are_mended_and_mending_is_undone(page: Any, tmp_path: Path) -> None:
    trace_house(page)
    count = strokes_of(page)
    before = saved(page, tmp_path)
    first = [stroke["points"][0] for stroke in before["strokes"]]
    page.locator("#strokes button").first.click()
    page.get_by_role("button", name="Reverse direction").click()
    assert saved(page, tmp_path)["strokes"][0]["points"] == before["strokes"][0]["points"][::-1]
    page.get_by_role("button", name="Undo").click()
    page.locator("#strokes button").first.click()
    page.keyboard.press("]")
    mended = saved(page, tmp_path)
    assert [stroke["points"][0] for stroke in mended["strokes"]] == [first[1], first[0], *first[2:]]
    assert "missed" not in mended
    page.keyboard.press("Delete")
    assert strokes_of(page) == count - 1
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert saved(page, tmp_path) == before


def test_a_stroke_is_cut_where_it_is_tapped_and_its_parts_are_joined_again(page: Any, tmp_path: Path) -> None:
    trace_house(page)
    count, before = strokes_of(page), saved(page, tmp_path)
    page.get_by_role("button", name="Cut a stroke").click()
    assert page.locator("#cut-hint").is_visible()
    tap_until(page, lambda: strokes_of(page) == count + 1)
    assert not page.locator("#cut-hint").is_visible()
    check_cut_and_join(page, tmp_path, before)


def test_a_stroke_is_cut_by_keys_where_the_player_is(page: Any, tmp_path: Path) -> None:
    trace_house(page)
    before = saved(page, tmp_path)
    page.locator("#scrub").fill("120")
    page.locator("#canvas").focus()
    page.keyboard.press("x")
    check_cut_and_join(page, tmp_path, before)


def tap_until(page: Any, done: Callable[[], bool]) -> None:
    box = page.locator("#canvas").bounding_box()
    for x in range(0, 100, 4):
        page.mouse.click(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * 0.6)
        if done():
            return
    raise AssertionError("nothing was hit")


def check_cut_and_join(page: Any, tmp_path: Path, before: dict[str, Any]) -> None:
    """One stroke of those before is in two parts, which are selected; joined, they are as long as it was."""
    parts, found = Drawing.from_json(json.dumps(saved(page, tmp_path))), Drawing.from_json(json.dumps(before))
    assert len(parts.strokes) == len(found.strokes) + 1
    cut = next(i for i, stroke in enumerate(parts.strokes) if stroke != found.strokes[i])
    one, two = parts.strokes[cut : cut + 2]
    assert one.length + two.length == pytest.approx(found.strokes[cut].length, rel=1e-3)
    assert (one.points[-1] == two.points[0]).all()
    page.keyboard.press("j")
    joined = Drawing.from_json(json.dumps(saved(page, tmp_path)))
    assert joined.strokes[cut].length == pytest.approx(found.strokes[cut].length, rel=1e-3)
    assert joined.strokes[cut].points[[0, -1]].tolist() == found.strokes[cut].points[[0, -1]].tolist()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert saved(page, tmp_path) == before


def test_what_was_mended_stays_when_options_change(page: Any, tmp_path: Path) -> None:
    trace_house(page)
    page.locator("#strokes button").first.click()
    page.keyboard.press("r")
    page.locator("#strokes button").last.click()
    page.keyboard.press("Delete")
    mended = saved(page, tmp_path)["strokes"]
    page.locator("summary", has_text="Tracing").click()
    with page.expect_response(lambda response: "/api/retrace?" in response.url):
        page.get_by_label("Simplify").fill("900")
    sync_api.expect(page.locator("#summary")).to_contain_text("around what you mended")
    anew = saved(page, tmp_path)["strokes"]
    assert mended[0] in anew
    assert len(anew) == len(mended)
    with page.expect_response(lambda response: "/api/trace?" in response.url):
        page.get_by_role("button", name="Trace afresh").click()
    sync_api.expect(page.locator("#strokes li[data-i]")).to_have_count(len(mended) + 1)


def test_scrubbing_back_draws_few_strokes_anew(browser: Any, address: str) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    most = page.evaluate(
        """async () => {
            const { Finished } = await import("/page/layers.js");
            const layer = new Finished(), strokes = Array(800).fill(0), scene = {key: "", strokes, width: 1000, height: 800, place: [1, 0, 0, 1, 0, 0]};
            let drawn = 0, most = 0;
            layer.upTo(800, scene, () => {});
            for (let i = 0; i < 400; i++) {
                drawn = 0;
                layer.upTo((i * 617) % 800, scene, () => drawn++);
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
    assert ink_on(page, "#found") > 50
    page.get_by_role("button", name="Open in Trace").click()
    page.wait_for_selector("body[data-stage=trace]")
    assert strokes_of(page) == 2


def test_the_wheel_zooms_and_a_click_picks_a_stroke(page: Any) -> None:
    trace_house(page)
    tap_until(page, lambda: page.locator("#strokes [aria-pressed=true]").count() > 0)
    assert page.locator("#strokes [aria-pressed=true]").count() == 1
    before = ink_on(page, "#canvas")
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    assert ink_on(page, "#canvas") != before


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
