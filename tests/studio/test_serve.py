"""Where the studio listens, and what it refuses."""

import builtins
import socket
from typing import Any

import pytest

from dood.cli import main
from dood.errors import DoodError
from dood.studio.serve import serve


def test_other_machines_are_let_in_by_a_word_only() -> None:
    with pytest.raises(DoodError, match=r"host '0\.0\.0\.0' lets other machines in: add --share"):
        serve(host="0.0.0.0", browser=False)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "starlette":
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["studio", "--no-browser"]) == 1
    assert capsys.readouterr().err == "dood: the studio needs starlette and uvicorn: pip install 'dood[studio]'\n"


def test_a_port_that_is_taken_is_named() -> None:
    pytest.importorskip("starlette")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DoodError, match=rf"cannot listen on 127\.0\.0\.1 port {port} .*choose another --port"):
            serve(port=port, browser=False)
