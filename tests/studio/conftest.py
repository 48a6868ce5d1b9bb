"""A studio, a browser, and its page, on which nothing may go wrong."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import CHROMIUM


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "dood", "studio", "--no-browser", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if CHROMIUM is None:
        pytest.skip("needs chromium")
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
    page.set_default_timeout(60_000)
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
