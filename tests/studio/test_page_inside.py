"""Looking inside on the page: a picture, a step at a time, two models beside each other, and the same in Python."""

from typing import Any

import pytest

from tests.browsing import HOUSE, looked_into, until

pytest.importorskip("starlette", reason="needs the extra studio")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

LACK = "comparing drawings by a model, and looking inside, need torch: pip install 'dood[torch]'"


def answer(page: Any, names: str = "all,mnist", lack: str = "") -> list[str]:
    """Let the server answer at once; return the addresses that were asked."""
    asked: list[str] = []

    def route(request: Any) -> None:
        asked.append(request.request.url)
        several = "%2C" in request.request.url
        request.fulfill(json=looked_into(names if several else names.split(",")[0]))

    page.route("**/api/inside?*", route)
    page.route("**/api/models?load", lambda request: request.fulfill(json={"names": names.split(","), "lack": lack}))
    return asked


def pixels(page: Any, label: str) -> str:
    return page.get_by_label(label, exact=True).first.evaluate("(canvas) => canvas.toDataURL()")


def open_inside(page: Any, count: int = 1) -> None:
    page.locator("#tab-inside").click()
    sync_api.expect(page.locator("#looks section")).to_have_count(count, timeout=120_000)


def test_steps_are_gone_through_by_slider_button_and_key(page: Any) -> None:
    answer(page)
    open_inside(page)
    seen = [pixels(page, "Residual")]
    assert page.locator("#inside-clock").text_content() == "1 / 3"
    assert page.get_by_role("button", name="One step back").is_disabled()
    page.get_by_role("button", name="One step on").click()
    seen.append(pixels(page, "Residual"))
    page.locator("#tab-inside").focus()
    page.keyboard.press("ArrowRight")
    seen.append(pixels(page, "Residual"))
    assert len(set(seen)) == 3
    assert page.locator("#inside-step").input_value() == "3"
    assert page.locator(".says").text_content() == "It would most probably have stopped after 2 strokes."
    page.locator("#inside-step").fill("1")
    assert pixels(page, "Residual") == seen[0]
    assert page.locator(".says").text_content() == "Stroke 1 of the most probable 2."


def test_two_models_stand_beside_each_other(page: Any) -> None:
    asked = answer(page)
    open_inside(page)
    page.get_by_label("Beside").select_option("mnist")
    sync_api.expect(page.locator("#looks section")).to_have_count(2)
    assert page.locator("#looks h2").all_text_contents() == ["All characters", "Digits"]
    page.get_by_role("button", name="Other samples").click()
    page.get_by_label("Steps", exact=True).fill("9")
    page.get_by_label("Steps", exact=True).press("Enter")
    sync_api.expect(page.get_by_label("Posterior sample 8 of this stroke")).to_have_count(2)
    assert until(page, lambda: len(asked) >= 4)
    seeds = [url.partition("seed=")[2] for url in asked]
    assert len(asked) == 4
    assert seeds[0] == seeds[1] == "0" != seeds[2] == seeds[3]
    assert "strokes=9" in asked[3]


def test_pictures_are_chosen_dropped_from_tracing_and_drawn(page: Any) -> None:
    asked = answer(page)
    page.get_by_role("button", name="Trace the example house").click()
    page.wait_for_selector("body[data-stage=trace]")
    open_inside(page)
    assert page.locator("#inside-name").text_content() == "house.png"
    page.get_by_role("button", name="Look into the example star").click()
    sync_api.expect(page.locator("#inside-name")).to_have_text("star.png")
    page.set_input_files("#inside-file", {"name": "x.png", "mimeType": "image/png", "buffer": HOUSE.read_bytes()})
    sync_api.expect(page.locator("#inside-name")).to_have_text("x.png")
    pad = page.locator("#inside-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 80, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Look inside").click()
    sync_api.expect(page.locator("#inside-name")).to_have_text("drawing.png")
    assert len(asked) == 4


def test_another_picture_takes_the_place_of_one_that_is_looked_into_still(page: Any) -> None:
    answer(page)
    page.route("**/api/inside?name=seven*", lambda request: None)
    page.locator("#tab-inside").click()
    page.locator("#busy-text", has_text="Looking").wait_for()
    page.get_by_role("button", name="Look into the example star").click()
    sync_api.expect(page.locator("#inside-name")).to_have_text("star.png")
    page.get_by_label("Beside").select_option("mnist")
    sync_api.expect(page.locator("#looks section")).to_have_count(2)
    assert page.locator("#inside-name").text_content() == "star.png"


def test_without_torch_it_is_said_in_a_line(page: Any) -> None:
    asked = answer(page, lack=LACK)
    page.locator("#tab-inside").click()
    sync_api.expect(page.locator("#inside-none")).to_have_text(LACK)
    assert asked == []


def test_it_is_copied_as_python_that_gives_the_same(browser: Any, address: str) -> None:
    pytest.importorskip("torch")
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    open_inside(page)
    page.get_by_role("button", name="Copy as Python").click()
    sync_api.expect(page.locator("#inside-copied")).to_have_text("Copied.")
    names: dict[str, Any] = {}
    exec(page.evaluate("navigator.clipboard.readText()"), names)
    shown = dict(zip(page.locator("dt").all_text_contents(), page.locator("dd").all_text_contents(), strict=True))
    inside = names["looks"]["all"]
    assert shown["log q"].replace("\u2212", "-") == f"{inside.log_q[0]:.1f}"
    assert shown["log p"].replace("\u2212", "-") == f"{inside.log_p[0]:.1f}"
    context.close()
