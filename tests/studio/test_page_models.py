"""What models make of a drawing, on the page: ghosts to take, the same again, a wall, and which class it is."""

import re
from typing import Any

import pytest

from tests.browsing import draw_on_the_pad, strokes_of, until

pytest.importorskip("starlette", reason="needs the extra studio")
pytest.importorskip("torch")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

STROKE = {"points": [[100, 100], [300, 150], [200, 400]], "width": 9.0}
DRAWING = {"format": "dood-drawing", "version": 2, "width": 560, "height": 560, "strokes": [STROKE]}


MODELS = re.compile(r"/api/models(\?load)?$")


def answer(page: Any, verb: str, value: Any) -> list[dict[str, Any]]:
    """Let the server answer at once with a value, as the models' own tests show that it does; return what was asked."""
    asked: list[dict[str, Any]] = []

    def route(request: Any) -> None:
        asked.append(request.request.post_data_json)
        request.fulfill(json=value)

    page.route(f"**/api/models/{verb}", route)
    page.route(MODELS, lambda request: request.fulfill(json={"names": ["all", "mnist", "omniglot"], "lack": ""}))
    return asked


def test_a_way_to_go_on_is_taken(page: Any) -> None:
    asked = answer(page, "continue", [[STROKE]] * 7 + [[STROKE, STROKE]])
    page.get_by_role("button", name="Draw one").click()
    draw_on_the_pad(page, [(-0.3, 0.2), (0.1, 0.6)])
    page.get_by_role("button", name="Continue").click()
    page.locator("#ghosts").wait_for()
    assert page.locator("#tiles button").count() == 8
    page.get_by_role("button", name="Way 8 to go on: take it").click()
    page.get_by_role("button", name="Continue").click()
    page.locator("#ghosts").wait_for()
    assert [len(each["strokes"]) for each in asked] == [1, 3]
    assert asked[0]["model"] == "mnist"
    assert asked[0]["seed"] != asked[1]["seed"]


def test_a_drawing_is_made_again_and_one_is_watched(page: Any) -> None:
    answer(page, "again", [DRAWING] * 9)
    page.get_by_role("button", name="Draw one").click()
    draw_on_the_pad(page, [(-0.3, 0.2), (0.1, 0.6)])
    page.get_by_role("button", name="Again").click()
    page.get_by_role("button", name="Drawing 9: watch it being drawn").click()
    page.wait_for_selector("body[data-stage=trace]")
    assert strokes_of(page) == 1
    assert page.locator("#tracing").is_hidden(), "there is no picture to trace"


def test_models_invent_drawings(page: Any) -> None:
    asked = answer(page, "invent", [DRAWING] * 60)
    page.get_by_role("button", name="Invent").click()
    page.locator("#wall button").nth(59).wait_for()
    page.locator("#invent-model").select_option("mnist")
    assert until(page, lambda: [each["model"] for each in asked] == ["all", "mnist"])
    page.get_by_role("button", name="Invented drawing 3: watch it being drawn").click()
    page.wait_for_selector("body[data-stage=trace]")


def test_a_query_is_told_its_class(page: Any) -> None:
    asked = answer(page, "which", {"probabilities": [0.1, 0.9], "known": 0.8, "none": False})
    page.get_by_role("button", name="Which?").click()
    assert page.get_by_role("button", name="Which is it?").is_disabled()
    for canvas in ("li:nth-child(1) canvas", "li:nth-child(3) canvas", "#query"):
        place = page.locator(canvas)
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60, steps=4)
        page.mouse.up()
    page.get_by_role("button", name="Which is it?").click()
    sync_api.expect(page.locator("#verdict")).to_have_text("It is C, with 90 %. That it is of one of them: 80 %.")
    assert len(asked[0]["drawings"]) == 3
    assert page.locator(".best").count() == 1


def test_without_torch_the_place_says_so(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    words = "comparing drawings by a model, and looking inside, need torch: pip install 'dood[torch]'"
    page.route(MODELS, lambda request: request.fulfill(json={"names": ["all"], "lack": words}))
    page.get_by_role("button", name="Which?").click()
    sync_api.expect(page.locator("#which-none")).to_have_text(words)
    page.close()
