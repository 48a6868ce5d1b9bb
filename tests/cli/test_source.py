"""What is read from source is what the library says when it is imported."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dood.cli import front
from dood.cli.source import constant_of, defaults_of, summary_of

TEXT = "".join(path.read_text() for path in sorted(Path(str(front.__file__)).parent.glob("*.py")))
NAMED = sorted(set(re.findall(r'"(dood\.[a-z_.]+:\w+)"', TEXT)))


def imported(target: str) -> Any:
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def test_the_verbs_name_what_they_offer() -> None:
    assert len(NAMED) > 15


@pytest.mark.parametrize("target", NAMED)
def test_it_is_what_importing_tells(target: str) -> None:
    real = imported(target)
    if inspect.isclass(real) or inspect.isfunction(real):
        parameters = inspect.signature(real).parameters
        found = defaults_of(target)
        assert found == {name: parameters[name].default for name in found}
        literals = (bool, int, float, str, tuple, type(None))
        missing = {name for name, each in parameters.items() if isinstance(each.default, literals)} - found.keys()
        assert missing == set()
    else:
        assert constant_of(target) == real


def test_an_unknown_constant_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"dood\.cli\.front has no constant NOTHING"):
        constant_of("dood.cli.front:NOTHING")


PLACES = [place for place in (front.VERBS | front.RESEARCH_VERBS | front.DATA_VERBS).values() if place]


@pytest.mark.parametrize("place", PLACES)
def test_the_summary_is_the_docstring_s_first_line(place: str) -> None:
    summary = summary_of(f"dood.cli.{place}")
    assert summary == (imported(f"dood.cli.{place}").__doc__ or "").splitlines()[0]
    assert summary.endswith(".")
