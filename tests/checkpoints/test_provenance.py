"""Which code a result comes from."""

import subprocess

import pytest

import dood
from dood.checkpoints import provenance


@pytest.fixture(autouse=True)
def forgotten() -> None:
    provenance.code_version.cache_clear()


@pytest.mark.parametrize(("status", "mark"), [("", ""), (" M train.py", "+changes")])
def test_a_checkout_is_named_by_its_commit(monkeypatch: pytest.MonkeyPatch, status: str, mark: str) -> None:
    answers = {"rev-parse": "0123456789", "ls-files": "provenance.py", "status": status}
    monkeypatch.setattr(provenance, "_git", lambda verb, *_: answers[verb])
    assert provenance.code_version() == f"{dood.__version__} 0123456789{mark}"


def test_an_installed_package_inside_another_checkout_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"rev-parse": "0123456789", "ls-files": "", "status": ""}
    monkeypatch.setattr(provenance, "_git", lambda verb, *_: answers[verb])
    assert provenance.code_version() == dood.__version__


def test_without_git_there_is_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", missing)
    assert provenance.code_version() == dood.__version__
