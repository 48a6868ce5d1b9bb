"""Models on the Hub: addresses, the cache without a network, and one line for what goes wrong."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dood
from dood.checkpoints import checkpoint, hub
from dood.errors import DoodError
from tests.tiny import TINY, tiny_model

huggingface_hub = pytest.importorskip("huggingface_hub", reason="needs huggingface_hub, the extra `hub`")
errors = importlib.import_module("huggingface_hub.errors")
SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What an earlier test fetched."""
    hub.download.cache_clear()
    yield
    hub.download.cache_clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    checkpoint.save(tiny_model(), tmp_path / "tiny.safetensors", {"data": "scribbles"})
    return tmp_path / "tiny.safetensors"


@pytest.fixture
def asked(file: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the Hub, which has one file, was asked for."""
    calls: list[tuple[Any, ...]] = []

    def stand_in(repo: str, name: str, *, revision: str | None, library_name: str) -> str:
        calls.append((repo, name, revision))
        return str(file)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", stand_in)
    return calls


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("hf://owner/name", ("owner/name", "model.safetensors", None)),
        ("hf://owner/name/", ("owner/name", "model.safetensors", None)),
        ("hf://owner/a.b-c_1@v2", ("owner/a.b-c_1", "model.safetensors", "v2")),
        ("hf://owner/name@main/sub/mnist.safetensors", ("owner/name", "sub/mnist.safetensors", "main")),
    ],
)
def test_an_address_says_repository_revision_and_file(asked: list, address: str, wanted: tuple) -> None:
    assert dood.load(address).config == TINY
    assert checkpoint.header_of(address)["data"] == "scribbles"
    assert asked == [wanted]


def test_the_prior_learned_with_the_model_may_be_asked_for(asked: list) -> None:
    assert dood.load("hf://owner/name:joint-prior").config == TINY
    assert asked == [("owner/name", "model.safetensors", None)]


@pytest.mark.parametrize("address", ["hf://name", "hf://", "hf://a/b/weights.bin", "hf://a b/c", "hf://a/b@"])
def test_what_is_no_address_is_refused(asked: list, address: str) -> None:
    with pytest.raises(DoodError, match=r"is no address of a model: write hf://owner/name"):
        dood.load(address)
    assert asked == []


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no network."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "cache"


def test_what_is_in_the_cache_needs_no_network(file: Path, cache: Path) -> None:
    repository = cache / "models--owner--name"
    (repository / "snapshots" / SHA).mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(SHA)
    shutil.copy(file, repository / "snapshots" / SHA / "model.safetensors")
    for address in ("hf://owner/name", f"hf://owner/name@{SHA}"):
        assert dood.load(address).config == TINY


def test_without_cache_and_network_one_line_says_so(cache: Path) -> None:
    with pytest.raises(DoodError, match=r"^hf://owner/name is not in the cache, and the Hub cannot be reached: .*$"):
        dood.load("hf://owner/name")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(DoodError, match=r"hf://owner/name needs huggingface_hub: pip install 'dood\[hub\]'"):
        dood.load("hf://owner/name")


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (
            errors.EntryNotFoundError("404"),
            "there is no model.safetensors in owner/name; give its path",
        ),
        (errors.OfflineModeIsEnabled("offline\nmode"), "cannot be fetched: offline$"),
        (ValueError(""), "cannot be fetched: ValueError$"),
        (OSError("disk full"), "cannot be fetched: disk full"),
    ],
)
def test_what_the_hub_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch, raised: Exception, message: str) -> None:
    def refuse(*args: Any, **named: Any) -> str:
        raise raised

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", refuse)
    with pytest.raises(DoodError, match=message):
        dood.load("hf://owner/name")
