"""The server: who is let in, what it takes, what it gives, and what it says of what is wrong."""

import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

pytest.importorskip("starlette", reason="needs the extra studio")

from starlette.testclient import TestClient

from dood.drawing import Drawing
from dood.drawing.formats.json_format import from_plain
from dood.samples import sample_paths
from dood.studio import limits
from dood.studio.app import make_app

TOKEN = "a-token-of-this-session"
BASE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(make_app(TOKEN), BASE, headers={"x-dood-token": TOKEN}) as client:
        yield client


@pytest.fixture(scope="module")
def traced(client: TestClient) -> dict[str, Any]:
    return client.post("/api/trace?name=cross", content=cross()).json()


def cross() -> bytes:
    """Two lines that cross, as a PNG."""
    image = Image.new("L", (200, 120), 255)
    pen = ImageDraw.Draw(image)
    pen.line((20, 20, 180, 100), 0, 5)
    pen.line((180, 20, 20, 100), 0, 5)
    return png(image)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_the_page_and_its_parts_need_no_token_and_name_no_other_server(client: TestClient) -> None:
    response = client.get("/", headers={"x-dood-token": ""})
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["referrer-policy"] == "no-referrer"
    for part in ("main.js", "style.css"):
        assert f"/page/{part}" in response.text
        assert client.get(f"/page/{part}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/page/app.py", "/page/..%2Fapp.py", "/page/%2Fetc%2Fpasswd", "/api/examples/..", "/x"]
)
def test_no_path_opens_a_file(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "error" in response.json()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-dood-token": ""}, 401),
        ({"x-dood-token": TOKEN[:-1]}, 401),
        ({"x-dood-token": "é".encode("latin-1")}, 401),
        ({"host": "evil.example:8000"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": "[::"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": BASE}, 200),
        ({"host": "localhost:8000", "origin": "http://localhost:8000"}, 200),
    ],
)
def test_only_this_machines_own_page_is_let_in(client: TestClient, headers: dict[str, Any], status: int) -> None:
    response = client.get("/api/about", headers=headers)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert ("error" in response.json()) == (status != 200)


def test_a_shared_server_is_reached_by_number_and_by_its_own_name_only() -> None:
    with TestClient(make_app(TOKEN, "studio.example"), BASE, headers={"x-dood-token": TOKEN}) as client:
        for host, status in (("studio.example:8000", 200), ("192.0.2.7:8000", 200), ("evil.example", 421)):
            assert client.get("/api/about", headers={"host": host}).status_code == status


def test_about_tells_options_formats_and_examples(client: TestClient) -> None:
    about = client.get("/api/about").json()
    assert about["examples"] == [path.name for path in sample_paths()]
    assert {"svg", "plotter-svg", "animated-svg", "gif", "png", "json"} <= {each["name"] for each in about["formats"]}
    options = {each["name"]: each for each in about["options"]}
    assert options["join"] == {"name": "join", "default": True, "kind": "flag"}
    assert options["order"]["choices"] == ["person", "nearest", "given"]


def test_a_picture_becomes_its_strokes(traced: dict[str, Any]) -> None:
    drawing = from_plain(traced["drawing"])
    assert (drawing.width, drawing.height) == (200, 120)
    assert len(drawing.strokes) == 2
    assert drawing.missed == 0
    assert traced["marks"] == {"missed": [], "spurious": []}


def test_options_change_what_is_found(client: TestClient) -> None:
    response = client.post("/api/trace?join=false&order=nearest&simplify=0.2", content=cross())
    assert len(response.json()["drawing"]["strokes"]) > 2


def test_missed_ink_is_marked_where_it_lies(client: TestClient) -> None:
    image = Image.new("L", (200, 120), 255)
    for line in ((20, 100, 180, 100), (90, 6, 120, 6)):
        ImageDraw.Draw(image).line(line, 0, 5)
    found = client.post("/api/trace?min_length=100", content=png(image)).json()
    missed = np.array(found["marks"]["missed"])
    assert len(missed) > 20
    assert (missed[:, 1] < 12).all()
    assert found["drawing"]["missed"] > 0


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("trace?name=x.png", b"no picture", "x.png is no image that can be read"),
        ("trace", b"", "nothing was sent"),
        ("trace?colour=red", b"x", "tracing has no option 'colour'"),
        ("trace?simplify=x", b"x", "simplify (='x') is no number"),
        ("trace?pens=1.5", b"x", "pens (='1.5') is no whole number"),
        ("trace?join=1", b"x", "join (='1') must be true or false"),
        ("trace?order=upward", cross(), "order (='upward') must be one of"),
        ("trace", png(Image.new("L", (50, 50), 255)), "has no ink"),
        ("export/svg", b"{", "no JSON"),
        ("export/svg", b"\xff", "no JSON: byte 0 is not UTF-8"),
        ("export/svg", b'{"format": "x"}', 'format is "x"'),
        ("compare", b"{}", "no JSON of strokes"),
        ("inside?models=all,../all", cross(), "no model"),
        ("compare", b'{"width": 9, "height": 9, "pen": 2, "strokes": [[[1, NaN]]]}', "no JSON of strokes"),
        ("compare", b'{"width": 9, "height": 99999, "pen": 2, "strokes": [[[1, 1]]]}', "out of range"),
        ("compare", b'{"width": 9, "height": 9, "pen": 2, "strokes": []}', "draw at least one"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(client: TestClient, path: str, content: bytes, words: str) -> None:
    response = client.post(f"/api/{path}", content=content)
    assert response.status_code == 422
    assert words in response.json()["error"]
    assert "\n" not in response.json()["error"]


def test_an_unknown_format_is_refused(client: TestClient, traced: dict[str, Any]) -> None:
    response = client.post("/api/export/exe", content=json.dumps(traced["drawing"]))
    assert response.status_code == 422
    assert "unknown format 'exe'" in response.json()["error"]


def test_pictures_are_bounded_in_bytes_and_pixels(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = png(Image.new("1", (8000, 8000), 1))
    refused = client.post("/api/trace?name=bomb.png", content=bomb)
    assert refused.status_code == 422
    assert "bomb.png is too large for the studio: 8000 x 8000 pixels" in refused.json()["error"]
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    for content in (bytes(1001), iter([bytes(600)] * 2)):  # with its length said, and without
        assert client.post("/api/trace", content=content).status_code == 413


@pytest.mark.parametrize(
    ("name", "kind", "begin"),
    [
        ("svg", "image/svg+xml", b"<svg"),
        ("plotter-svg", "image/svg+xml", b"<svg"),
        ("animated-svg", "image/svg+xml", b"<svg"),
        ("gif", "image/gif", b"GIF89a"),
        ("png", "image/png", b"\x89PNG"),
        ("json", "application/json", b"{"),
        ("npz", "application/octet-stream", b"PK"),
    ],
)
def test_a_drawing_is_taken_away(
    client: TestClient, traced: dict[str, Any], name: str, kind: str, begin: bytes
) -> None:
    response = client.post(f"/api/export/{name}", content=json.dumps(traced["drawing"]))
    assert response.status_code == 200
    assert response.headers["content-type"] == kind
    assert response.content.startswith(begin)


def test_json_comes_back_without_loss(client: TestClient, traced: dict[str, Any]) -> None:
    text = client.post("/api/export/json", content=json.dumps(traced["drawing"])).text
    assert Drawing.from_json(text) == from_plain(traced["drawing"])


def test_a_picture_is_traced_anew_around_what_was_mended(client: TestClient, traced: dict[str, Any]) -> None:
    first, second = traced["drawing"]["strokes"]
    kept = {**first, "points": first["points"][::-1]}
    body = {"kept": {**traced["drawing"], "strokes": [kept]}, "gone": {**traced["drawing"], "strokes": [second]}}
    found = client.post("/api/retrace?join=true", content=json.dumps(body).encode() + b"\n" + cross()).json()
    assert found["drawing"]["strokes"] == [kept]
    assert found["kept"] == [0]
    assert 0.3 < found["drawing"]["missed"] < 0.6, "the deleted line is missed now"


@pytest.mark.parametrize("head", [b"", b"{}\n", b"[1\n", b"\xff\n", b'{"kept": 1, "gone": 2}\n'])
def test_what_was_mended_must_be_drawings(client: TestClient, head: bytes) -> None:
    response = client.post("/api/retrace", content=head + b"picture")
    assert response.status_code == 422
    assert any(word in response.json()["error"] for word in ("mended", "UTF-8", "the document"))


def test_examples_can_be_traced(client: TestClient) -> None:
    name = sample_paths()[0].name
    picture = client.get(f"/api/examples/{name}")
    assert picture.content == sample_paths()[0].read_bytes()
    assert client.post(f"/api/trace?name={name}", content=picture.content).json()["drawing"]["strokes"]


def test_a_persons_own_strokes_are_compared(client: TestClient) -> None:
    pytest.importorskip("sklearn")
    strokes = [[[20, 20], [180, 100]], [[100, 60], [100, 115]]]
    body = json.dumps({"width": 200, "height": 120, "pen": 5, "strokes": strokes})
    found = client.post("/api/compare", content=body).json()
    assert found["note"] == ""
    assert len(found["drawing"]["strokes"]) == 2
    assert found["scores"]["f1"] > 0.95
    assert found["scores"]["ari"] > 0.9
    assert found["scores"]["direction"] > 0.9
