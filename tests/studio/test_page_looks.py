"""Every place of the page in both themes and at three widths: nothing sticks out, and nobody is kept from using it."""

from typing import Any

import pytest

from tests.browsing import draw_on_the_pad, looked_into, trace_house

pytest.importorskip("starlette", reason="needs the extra studio")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")

BAD = ("serious", "critical")

STROKE = {"points": [[100, 100], [300, 150], [200, 400]], "width": 9.0}
DRAWING = {"format": "dood-drawing", "version": 2, "width": 560, "height": 560, "strokes": [STROKE]}


def places(page: Any) -> Any:
    """Go from place to place; gives the name of each."""
    yield "start"
    trace_house(page)
    page.get_by_role("button", name="Cut a stroke").click()
    yield "trace"
    for tab in ("draw", "invent", "which"):
        page.locator(f"#tab-{tab}").click()
        if tab == "draw":
            draw_on_the_pad(page, [(-0.3, 0.2), (0.1, 0.6)])
        yield tab
    page.locator("#tab-inside").click()
    page.locator("#looks section").first.wait_for()
    yield "inside"
    page.locator("#inside-beside").select_option("mnist")
    page.locator("#looks section").nth(1).wait_for()
    page.locator("#inside-code summary").click()
    page.locator("#inside-next").click()
    yield "two inside"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(360, 740), (1280, 800), (3840, 2160)])
def test_nothing_sticks_out_and_nothing_serious_is_found(
    browser: Any, address: str, size: tuple[int, int], theme: str
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.route("**/api/models*", lambda request: request.fulfill(json={"names": ["all", "mnist"], "lack": ""}))
    page.route("**/api/models/invent", lambda request: request.fulfill(json=[DRAWING] * 3))
    page.route("**/api/inside?*models=all&*", lambda request: request.fulfill(json=looked_into("all")))
    page.route("**/api/inside?*models=all%2Cmnist&*", lambda request: request.fulfill(json=looked_into("all,mnist")))
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    wide, wrong = [], []
    for place in places(page):
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(place)
        found = axe.Axe().run(page).response["violations"]
        nodes = [(each["id"], node) for each in found if each["impact"] in BAD for node in each["nodes"]]
        wrong += [(place, name, node["html"], node["failureSummary"]) for name, node in nodes]
    context.close()
    assert wide == []
    assert wrong == []
