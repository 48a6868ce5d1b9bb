"""The options that several verbs share."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

__all__ = [
    "Count",
    "Device",
    "Flag",
    "Formats",
    "Frame",
    "Model",
    "Models",
    "NameList",
    "Names",
    "Out",
    "Picture",
    "Polarity",
    "Positive",
    "Quiet",
    "Seed",
    "Table",
    "Whole",
    "whole_from",
]


def _whole(kind: Any, tokens: Any) -> int:
    """A whole number; cyclopts alone would round 1.5."""
    try:
        return int(tokens[0].value)
    except ValueError:
        raise ValueError(f'"{tokens[0].value}" is not a whole number') from None


def _names(kind: Any, tokens: Any) -> tuple[str, ...]:
    """`svg,json`: names between commas, each once, in the order given."""
    found = tuple(dict.fromkeys(name.strip() for name in tokens[0].value.split(",") if name.strip()))
    if not found:
        raise ValueError(f'"{tokens[0].value}" names nothing: write names with commas between them')
    return found


def whole_from(least: int, most: int = 2**31 - 1) -> Parameter:
    """What a whole number from `least` to `most` is read by."""
    return Parameter(converter=_whole, validator=Number(gte=least, lte=most), metavar="N")


def _several(what: str, metavar: str) -> Parameter:
    return Parameter(consume_multiple=(1, None), negative="", metavar=metavar, help=what)


Count = Annotated[int, whole_from(1)]
Whole = Annotated[int, whole_from(0)]
Seed = Annotated[int, whole_from(0, 2**32 - 1), Parameter(help="Of all that is random.")]
Positive = Annotated[float, Parameter(validator=Number(gt=0, lte=1000), metavar="X")]
Flag = Annotated[bool, Parameter(negative="", show_default=False)]

Model = Annotated[
    str,
    Parameter(
        metavar="MODEL",
        help="Shipped name, file, run folder or hf://owner/name; with :joint-prior after it for the prior that was learned"
        " together with the model, as in the paper.",
    ),
]
Models = Annotated[list[str], _several("Shipped names, files or run folders, also with :joint-prior.", "MODEL")]
Names = Annotated[list[str], _several("Data sets, as `dood data list` names them.", "NAME")]
Picture = Annotated[Path, Parameter(metavar="PICTURE")]
Polarity = Annotated[Literal["auto", "dark", "light"], Parameter(help="Which is ink.")]
Frame = Annotated[
    Literal["auto", "ink", "image"],
    Parameter(help="How the canvas lies on the picture: around its ink, or as the whole image."),
]
Out = Annotated[Path, Parameter(metavar="DIR", help="Folder to write to.")]
Table = Annotated[Path, Parameter(metavar="FILE.csv", help="The table.")]
NameList = Annotated[
    tuple[str, ...], Parameter(converter=_names, n_tokens=1, negative="", metavar="NAMES", show_default=",".join)
]
Formats = Annotated[
    NameList, Parameter(help="Of svg, json, gif, png, npz, animated-svg; with commas between them.")
]
Device = Annotated[Literal["cpu", "cuda"], Parameter(help="Where to compute.")]

Quiet = Annotated[
    bool, Parameter(name=("--quiet", "-q"), negative="", show_default=False, help="Say nothing but errors on stderr.")
]
