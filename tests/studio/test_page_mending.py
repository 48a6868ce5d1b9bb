"""Mending strokes on the page: in the list, with keys, with a mouse and with a finger."""

import json
from pathlib import Path
from typing import Any

import pytest

from dood.drawing import Drawing
from tests.browsing import saved, strokes_of, tap_until, trace_house

pytest.importorskip("starlette", reason="needs the extra studio")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")


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
