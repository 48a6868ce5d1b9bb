"""Overrides of a dataclass from text."""

from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dood.cli.front import UsageError
from dood.cli.settings import assignments, override
from dood.errors import DoodError


@dataclass(frozen=True)
class Inner:
    strokes: int = 6
    span: tuple[float, float] = (0.1, 0.8)
    low: int = 1
    high: int = 2

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise DoodError(f"low (={self.low}) must be below high (={self.high})")


@dataclass(frozen=True)
class Outer:
    model: Inner = field(default_factory=Inner)
    rate: float = 1e-3
    name: str = "mnist"
    compiled: bool = False
    kind: Literal["exact", "nvil"] = "exact"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rate=3e-4", Outer(rate=3e-4)),
        ("name=a=b", Outer(name="a=b")),
        ("compiled=Yes", Outer(compiled=True)),
        ("kind=nvil", Outer(kind="nvil")),
        ("model.strokes=8", Outer(model=Inner(strokes=8))),
        ("model.span=0.2, 1", Outer(model=Inner(span=(0.2, 1.0)))),
        ("model.span=(0.2,1)", Outer(model=Inner(span=(0.2, 1.0)))),
    ],
)
def test_a_text_becomes_the_field_s_type(text: str, expected: Outer) -> None:
    assert override(Outer(), assignments([text])) == expected


def test_fields_that_depend_on_each_other_change_together() -> None:
    changed = override(Outer(), {"model.low": "5", "model.high": "9"})
    assert changed.model == Inner(low=5, high=9)


def test_a_later_assignment_wins() -> None:
    assert assignments(["rate=1", "rate=2"]) == {"rate": "2"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rate", "--set rate: write it as FIELD=VALUE"),
        ("=3", "write it as FIELD=VALUE"),
        ("rat=1", "no field rat; did you mean rate?"),
        ("model.stroks=1", "no field model.stroks; did you mean model.strokes?"),
        ("model.zzz=1", "there are: strokes, span, low, high"),
        ("rate.x=1", "rate is a single value"),
        ("rate=fast", "rate takes a number, not 'fast'"),
        ("model.strokes=1.5", "model.strokes takes a whole number, not '1.5'"),
        ("compiled=2", "compiled takes true or false, not '2'"),
        ("kind=both", "kind takes one of exact, nvil, not 'both'"),
        ("model.span=0.1,x", "model.span takes 2 values"),
        ("model.span=1", "model.span takes 2 values with commas between them, not '1'"),
        ("model=big", "model has fields of its own"),
        ("model.low=3", "low (=3) must be below high (=2)"),
    ],
)
def test_errors_name_the_field(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        override(Outer(), assignments([text]))
    assert message in str(caught.value)


@given(strokes=st.integers(), rate=st.floats(allow_nan=False), compiled=st.booleans())
def test_what_is_printed_can_be_read_back(strokes: int, rate: float, compiled: bool) -> None:
    wanted = Outer(model=Inner(strokes=strokes), rate=rate, compiled=compiled)
    texts = [f"model.strokes={strokes}", f"rate={rate}", f"compiled={compiled}"]
    assert override(Outer(), assignments(texts)) == wanted
