"""A thousand requests, some of them hostile: none ends the server, and it does not grow."""

import io
import json
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

pytest.importorskip("starlette", reason="needs the extra studio")

from starlette.testclient import TestClient

from dood.studio.app import make_app
from dood.studio.jobs import Jobs

TOKEN = "a-token-of-this-session"
REQUESTS, HOSTILE = 1000, 0.01
GROWTH = 24 * 2**20
"""Bytes; a picture that stayed behind with every tracing would take more."""


def png(size: tuple[int, int] = (120, 90)) -> bytes:
    image, file = Image.new("L", size, 255), io.BytesIO()
    ImageDraw.Draw(image).line((10, 10, 100, 70), 0, 4)
    image.save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A small file that says it is 50,000 pixels wide and high."""
    head = bytearray(png())
    head[16:24] = (50_000).to_bytes(4, "big") * 2
    return bytes(head)


NESTED = "[" * 100_000
HUGE = json.dumps({"width": 1e308, "height": 1, "pen": 1, "strokes": [[[1e308, 1e308]]]})
HOSTILES = [
    ("POST", "/api/trace?name=x", bomb(), {}, 422),
    ("POST", "/api/trace?name=x", png()[:60], {}, 422),
    ("POST", "/api/trace?name=x", b"\x00" * 100_000, {}, 422),
    ("POST", "/api/trace?simplify=nan&name=" + "x" * 5000, png(), {}, 422),
    ("POST", "/api/retrace", NESTED.encode() + b"\n" + png(), {}, 422),
    ("POST", "/api/compare", NESTED, {}, 422),
    ("POST", "/api/compare", HUGE, {}, 422),
    ("POST", "/api/export/svg", NESTED, {}, 422),
    ("POST", "/api/export/..%2f..%2fetc", "{}", {}, 404),
    ("POST", "/api/models/" + "x" * 3000, "{}", {}, 422),
    ("POST", "/api/models/invent", '{"model": "../../x", "count": 1}', {}, 422),
    ("GET", "/page/%2e%2e%2fapp.py", None, {}, 404),
    ("GET", "/api/about", None, {"x-dood-token": "wrong"}, 401),
    ("GET", "/api/about", None, {"host": "evil.example"}, 421),
    ("PUT", "/api/trace", b"x", {}, 405),
]


def memory(process: int | str = "self") -> int:
    """Bytes that a process holds."""
    return 4096 * int(Path(f"/proc/{process}/statm").read_text().split()[1])


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_a_thousand_requests_leave_the_server_as_it_was() -> None:
    chance, jobs, picture = random.Random(0), Jobs(), png()
    hostile = iter(HOSTILES * REQUESTS)
    with TestClient(make_app(TOKEN, jobs=jobs), "http://127.0.0.1:8000", headers={"x-dood-token": TOKEN}) as client:

        def ask() -> None:
            if chance.random() < HOSTILE:
                method, path, body, headers, status = next(hostile)
            elif chance.random() < 0.1:
                method, path, body, headers, status = "POST", "/api/trace?name=line", picture, {}, 200
            else:
                method, headers, status, body = "GET", {}, 200, None
                path = chance.choice(["/", "/page/main.js", "/page/style.css", "/api/about", "/api/examples/house.png"])
            response = client.request(method, path, content=body, headers=headers)
            assert response.status_code == status, (path[:80], response.text[:200])

        for method, path, body, headers, status in HOSTILES:
            assert client.request(method, path, content=body, headers=headers).status_code == status, path[:80]
        for _ in range(REQUESTS // 5):
            ask()
        (worker,) = jobs._idle
        before = memory(), memory(worker.pid)
        for _ in range(REQUESTS - REQUESTS // 5):
            ask()
        assert jobs._idle == [worker], "the process that traces is still the same"
        assert memory() - before[0] < GROWTH
        assert memory(worker.pid) - before[1] < GROWTH
