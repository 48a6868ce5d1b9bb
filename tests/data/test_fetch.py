"""Fetching, from servers on this machine."""

import gzip
import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from dood.data import fetch, load
from dood.data.download import download
from dood.data.idx import FILES
from dood.data.registry import SOURCES, Original
from dood.errors import DoodError
from tests.data.originals import ink, mnist_arrays, write_mnist


class Mirror:
    """An HTTP server of a few files that knows ranges, or does not, and can break off."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.ranges = True
        self.break_after: list[int] = []
        """How many bytes of their answers the next requests get."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/{name}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name, asked = self.path.lstrip("/"), self.headers["Range"]
                mirror.asked.append((name, asked))
                if name not in mirror.files:
                    self.send_error(404)
                    return
                data = mirror.files[name]
                first = int(re.sub(r"\D", "", asked)) if asked and mirror.ranges else 0
                if asked and mirror.ranges and first >= len(data):
                    self.send_error(416)
                    return
                self.send_response(206 if asked and mirror.ranges else 200)
                if asked and mirror.ranges:
                    self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
                self.send_header("Content-Length", str(len(data) - first))
                self.end_headers()
                limit = mirror.break_after.pop(0) if mirror.break_after else len(data)
                self.wfile.write(data[first : first + limit])

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def mirrors() -> Iterator[tuple[Mirror, Mirror]]:
    both = Mirror(), Mirror()
    yield both
    for mirror in both:
        mirror.close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DOOD_DATA", raising=False)
    monkeypatch.setenv("DOOD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def md5(data: bytes) -> str:
    return f"md5:{hashlib.md5(data).hexdigest()}"


DATA = ink(0, 700_000).tobytes()


def dead() -> str:
    """An address where nobody listens."""
    mirror = Mirror()
    mirror.close()
    return mirror.url("x")


def test_the_next_mirror_serves_where_the_first_does_not(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    mirrors[1].files["x"] = DATA
    told: list[tuple[int, int]] = []
    path = tmp_path / "x"
    download([dead(), mirrors[0].url("x"), mirrors[1].url("x")], path, md5(DATA), lambda *done: told.append(done))
    assert path.read_bytes() == DATA
    assert told[-1] == (len(DATA), len(DATA))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert list(tmp_path.iterdir()) == [path]


def test_one_error_names_all_mirrors_and_what_was_wrong(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    mirrors[1].files["x"] = b"<html>please log in</html>"
    nobody = dead()
    with pytest.raises(DoodError) as caught:
        download([nobody, mirrors[0].url("x"), mirrors[1].url("x")], tmp_path / "x", md5(DATA))
    message = str(caught.value)
    assert f"{nobody}: no connection; {mirrors[0].url('x')}: HTTP 404; {mirrors[1].url('x')}: its md5 is" in message
    assert "\n" not in message
    assert list(tmp_path.iterdir()) == []
    assert len(mirrors[1].asked) == 1


@pytest.mark.parametrize("checksum", [md5(DATA), None, f"sha256:{hashlib.sha256(DATA).hexdigest()}"])
def test_a_broken_transfer_goes_on_where_it_stopped(
    mirrors: tuple[Mirror, Mirror], tmp_path: Path, checksum: str | None
) -> None:
    mirrors[0].files["x"] = DATA
    mirrors[0].break_after = [300_000, 100_000]
    download([mirrors[0].url("x")], tmp_path / "x", checksum)
    assert (tmp_path / "x").read_bytes() == DATA
    (_, first), (_, second), (_, third) = mirrors[0].asked
    assert first is None
    assert int(re.sub(r"\D", "", second or "")) <= 300_000
    assert int(re.sub(r"\D", "", third or "")) > int(re.sub(r"\D", "", second or "")) > 0


def test_a_later_call_goes_on_too(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    mirrors[0].files["x"] = DATA
    (tmp_path / "x.part").write_bytes(DATA[:400_000])
    told: list[tuple[int, int]] = []
    download([mirrors[0].url("x")], tmp_path / "x", md5(DATA), lambda *done: told.append(done))
    assert (tmp_path / "x").read_bytes() == DATA
    assert mirrors[0].asked == [("x", "bytes=400000-")]
    assert told[0][0] > 400_000
    assert told[-1] == (len(DATA), len(DATA))


def test_a_mirror_without_ranges_sends_the_whole_again(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    mirrors[0].files["x"] = DATA
    mirrors[0].ranges = False
    (tmp_path / "x.part").write_bytes(b"stale" * 1000)
    download([mirrors[0].url("x")], tmp_path / "x", md5(DATA))
    assert (tmp_path / "x").read_bytes() == DATA


@pytest.mark.parametrize("kept", [b"stale" * 1000, DATA, DATA + b"more"], ids=["other", "whole", "too long"])
def test_what_was_kept_is_thrown_away_where_it_does_not_fit(
    mirrors: tuple[Mirror, Mirror], tmp_path: Path, kept: bytes
) -> None:
    mirrors[0].files["x"] = DATA
    (tmp_path / "x.part").write_bytes(kept)
    download([mirrors[0].url("x")], tmp_path / "x", md5(DATA))
    assert (tmp_path / "x").read_bytes() == DATA
    assert len(mirrors[0].asked) == 2


def test_a_transfer_that_brings_nothing_is_given_up(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    mirrors[0].files["x"] = DATA
    mirrors[0].break_after = [0] * 50
    with pytest.raises(DoodError, match=r"broke off|no connection"):
        download([mirrors[0].url("x")], tmp_path / "x", md5(DATA))
    assert len(mirrors[0].asked) == 1


def test_a_folder_that_cannot_be_written_is_named(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    mirrors[0].files["x"] = DATA
    with pytest.raises(DoodError, match=r"cannot write .*absent"):
        download([mirrors[0].url("x")], tmp_path / "absent" / "x", md5(DATA))


@pytest.fixture
def offered(
    mirrors: tuple[Mirror, Mirror], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, dict[str, np.ndarray]]:
    """A small mnist on the second mirror, the only one that works; also in a folder, and what it holds."""
    folder, arrays = tmp_path / "by hand", mnist_arrays()
    folder.mkdir()
    write_mnist(folder, arrays)
    mirrors[1].files = {name: (folder / name).read_bytes() for name in FILES.values()}
    originals = tuple(
        Original(name, tuple(mirror.url(name) for mirror in mirrors), md5(data))
        for name, data in mirrors[1].files.items()
    )
    monkeypatch.setitem(SOURCES, "mnist", replace(SOURCES["mnist"], originals=originals))
    return folder, arrays


def test_a_set_is_fetched_once(
    mirrors: tuple[Mirror, Mirror], cache: Path, offered: tuple[Path, dict[str, np.ndarray]]
) -> None:
    path = fetch("mnist")
    assert path == cache / "mnist.npz"
    np.testing.assert_array_equal(load("mnist").train_images, offered[1]["train_images"])
    assert not (cache / "originals" / "mnist").exists()
    asked = len(mirrors[1].asked)
    assert fetch("mnist") == path
    assert len(mirrors[1].asked) == asked == 4


def test_files_that_came_whole_are_not_asked_for_again(
    mirrors: tuple[Mirror, Mirror], cache: Path, offered: tuple[Path, dict[str, np.ndarray]]
) -> None:
    name = FILES["test_labels"]
    held_back = mirrors[1].files.pop(name)
    with pytest.raises(DoodError) as caught:
        fetch("mnist")
    message = str(caught.value)
    assert message.startswith(f"mnist: cannot download {name}")
    assert "HTTP 404" in message
    assert "`dood data fetch mnist --from DIR`" in message
    assert "\n" not in message
    assert not (cache / "mnist.npz").exists()
    mirrors[1].files[name] = held_back
    mirrors[1].asked.clear()
    fetch("mnist")
    assert [asked for asked, _ in mirrors[1].asked] == [name]


def test_a_set_is_read_from_files_got_by_hand(
    mirrors: tuple[Mirror, Mirror], cache: Path, offered: tuple[Path, dict[str, np.ndarray]]
) -> None:
    fetch("mnist", source_dir=offered[0])
    np.testing.assert_array_equal(load("mnist").test_images, offered[1]["test_images"])
    assert mirrors[0].asked == mirrors[1].asked == []
    assert len(list(offered[0].iterdir())) == 4
    with pytest.raises(DoodError, match=r"mnist is there already: .*mnist\.npz; remove"):
        fetch("mnist", source_dir=offered[0])


def test_other_files_under_the_same_names_are_refused(cache: Path, offered: tuple[Path, dict[str, np.ndarray]]) -> None:
    with pytest.raises(DoodError, match="damaged or not of kmnist: its md5 is"):
        fetch("kmnist", source_dir=offered[0])
    (offered[0] / FILES["train_images"]).unlink()
    with pytest.raises(DoodError, match="has no train-images"):
        fetch("mnist", source_dir=offered[0])
    with pytest.raises(DoodError, match=r"absent is no folder; mnist is read from a folder with train-images"):
        fetch("mnist", source_dir=offered[0] / "absent")
    assert not list(cache.glob("*.npz"))


def test_files_without_checksums_that_cannot_be_read_are_fetched_anew(
    mirrors: tuple[Mirror, Mirror], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Original("cell phone.npy", (mirrors[0].url("cell%20phone.npy"),))
    monkeypatch.setitem(SOURCES, "quickdraw", replace(SOURCES["quickdraw"], originals=(original,)))
    mirrors[0].files["cell%20phone.npy"] = b"<html>please log in</html>"
    with pytest.raises(DoodError, match=r"cell phone\.npy is no readable"):
        fetch("quickdraw")
    np.save(tmp_path / "x.npy", ink(0, 10, 784))
    mirrors[0].files["cell%20phone.npy"] = (tmp_path / "x.npy").read_bytes()
    fetch("quickdraw")
    found = load("quickdraw")
    assert (found.class_names, len(found.train_images), len(found.test_images)) == (("cell phone",), 8, 2)


def test_names_that_cannot_be_fetched() -> None:
    with pytest.raises(DoodError, match="made by code"):
        fetch("synthetic")
    with pytest.raises(DoodError, match="no data set 'cifar' to fetch; there are mnist, emnist"):
        fetch("cifar")


def test_every_original_has_an_address() -> None:
    for source in SOURCES.values():
        assert source.originals
        for original in source.originals:
            assert original.mirrors
            assert all(re.fullmatch(r"https?://[^ ]+", mirror) for mirror in original.mirrors)
            assert original.checksum is None or re.fullmatch(r"md5:[0-9a-f]{32}", original.checksum)
    unchecked = [name for name, source in SOURCES.items() if any(one.checksum is None for one in source.originals)]
    assert unchecked == ["quickdraw"]


def test_gzip_is_not_undone_on_the_way(mirrors: tuple[Mirror, Mirror], tmp_path: Path) -> None:
    mirrors[0].files["x.gz"] = gzip.compress(DATA)
    download([mirrors[0].url("x.gz")], tmp_path / "x.gz", md5(mirrors[0].files["x.gz"]))
    assert gzip.decompress((tmp_path / "x.gz").read_bytes()) == DATA
