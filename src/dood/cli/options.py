"""The types of options: what a word on the command line may be, and what it means."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

__all__ = [
    "HERE",
    "OPTIONS",
    "Choice",
    "Count",
    "File",
    "Flag",
    "Folder",
    "Model",
    "Models",
    "Names",
    "Paths",
    "Seed",
    "Sets",
    "Table",
    "whole",
]


def _whole(kind: Any, tokens: Any) -> int:
    """A whole number; cyclopts alone would round 1.5."""
    try:
        return int(tokens[0].value)
    except ValueError:
        raise ValueError(f'"{tokens[0].value}" is not a whole number') from None


def _page(kind: Any, tokens: Any) -> int | str:
    """A page's number, or all of them."""
    text = tokens[0].value
    if text == "all":
        return text
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f'"{text}" is no page: write a number from 1, or all')
    return int(text)


def _names(kind: Any, tokens: Any) -> tuple[str, ...]:
    """`svg,json`: names between commas, each once, in the order given."""
    found = tuple(dict.fromkeys(name.strip() for name in tokens[0].value.split(",") if name.strip()))
    if not found:
        raise ValueError(f'"{tokens[0].value}" names nothing: write names with commas between them')
    return found


def whole(least: int, most: int = 2**31 - 1) -> Parameter:
    """What reads a whole number from `least` to `most`."""
    return Parameter(converter=_whole, validator=Number(gte=least, lte=most), metavar="N")


def between(least: float, most: float, metavar: str = "X") -> Parameter:
    """What reads a number from `least` to `most`."""
    return Parameter(validator=Number(gte=least, lte=most), metavar=metavar)


def several(metavar: str, name: str | None = None) -> Parameter:
    """What reads one value or more after the option."""
    return Parameter(name, consume_multiple=(1, None), negative="", metavar=metavar)


HERE = Path()
Count = Annotated[int, whole(1)]
Whole = Annotated[int, whole(0)]
Seed = Annotated[int, whole(0, 2**32 - 1)]
Temperature = Annotated[float, Parameter(validator=Number(gt=0, lte=1000), metavar="T")]
Temperatures = Annotated[list[Temperature], several("T", "--temperature")]
Flag = Annotated[bool, Parameter(negative="", show_default=False)]
Choice = Annotated[str, Parameter(metavar="NAME")]
Model = Annotated[str, Parameter(metavar="MODEL")]
Models = Annotated[list[str], several("MODEL")]
Paths = Annotated[list[Path], several("PATH")]
Sets = Annotated[list[str], several("NAME", "--data")]
Folder = Annotated[Path, Parameter(metavar="DIR")]
File = Annotated[Path, Parameter(metavar="FILE")]
Table = Annotated[Path, Parameter("--out", metavar="FILE.csv")]
Names = Annotated[
    tuple[str, ...], Parameter(converter=_names, n_tokens=1, negative="", metavar="NAMES", show_default=",".join)
]
Page = Annotated[int | Literal["all"], Parameter(converter=_page, metavar="N|all", show_choices=False)]
Formats = Annotated[Names, Parameter("--format")]
Fit = Annotated[Whole, Parameter("--fit")]
LeastSquares = Annotated[Whole, Parameter("--lm")]

OPTIONS: dict[str, tuple[Any, str]] = {
    "model": (
        Model,
        "Shipped name, file, run folder or hf://owner/name; with :joint-prior after it for the prior that was learned"
        " together with the model, as in the paper.",
    ),
    "models": (Models, "Shipped names, files or run folders; :joint-prior after them as in --model."),
    "targets": (Sets, "Data sets, as `dood data list` names them."),
    "table": (Table, "The table."),
    "out": (Folder, "Folder to write to."),
    "formats": (Formats, "Of svg, json, gif, png, npz, animated-svg; with commas between them."),
    "force": (Flag, "Write over files that dood did not write."),
    "polarity": (Literal["auto", "dark", "light"], "Which is ink."),
    "pens": (Count, "Tell so many colours of pens apart; as many as there are by default."),
    "page": (Page, "Of files with several pages, a number or all; the first by default."),
    "frame": (
        Literal["auto", "ink", "image", "room"],
        "The canvas lies around the ink, is the whole image, or (room) that unless the ink takes little of it.",
    ),
    "simplify": (Annotated[float, between(0.001, 1e6, "PENS")], "How far curves may stray, in pen widths."),
    "min_length": (Annotated[float, between(0.0, 1e6, "PIXELS")], "Leave out strokes shorter than this."),
    "join": (bool, "Let strokes go on through where lines meet."),
    "order": (Literal["person", "nearest", "given"], "As a person draws, with the least travel, or as found."),
    "outline_fills": (bool, "Draw around filled areas."),
    "merge": (Annotated[float, between(0.0, 20.0, "PENS")], "Lines gone over twice, gaps up to this, are one."),
    "tracing": (bool, "Trace pictures as well, beside reading them by the model."),
    "strokes": (Count, "At most so many strokes; the model's own number by default."),
    "samples": (Count, "Keep the best of so many tries."),
    "refine": (Whole, "Steps of least squares after inference."),
    "prune": (Annotated[bool, Parameter(negative="--keep-all")], "Leave out strokes that bring no gain."),
    "seed": (Seed, "Of all that is random."),
    "batch": (Count, "Images at a time."),
    "count": (Count, "Drawings to make."),
    "way": (Literal["best", "paper"], "As suits the model's prior, or stroke by stroke as in the paper's Figure 8."),
    "temperature": (Temperature, "Below 1 more typical and less varied."),
    "temperatures": (Temperatures, "Of the samples, one after another."),
    "size": (Count, "Side of a drawing in pixels."),
    "limit": (Count, "So many images only, evenly spaced."),
    "views": (Flag, "Look at each image in the square's eight views too; the best counts. The paper has one."),
    "lm_steps": (LeastSquares, "Least-squares steps on each image; 0 is the paper's protocol."),
    "fit_steps": (Fit, "Gradient steps that fit the posterior to each image, after those; 0 is the paper's protocol."),
    "resolution": (Count, "Side of the images; as in training by default."),
    "device": (Literal["cpu", "cuda"], "Where to compute."),
    "split": (Literal["all", "train", "test"], "Of .npz files."),
    "shard_size": (Count, "Images to a file."),
    "processes": (Count, "Processes that share the work, a thread each."),
    "steps": (Count, "Updates."),
    "critic_steps": (
        Annotated[Whole, Parameter("--critic")],
        "Updates of the critic that chooses among samples; 0 for none.",
    ),
    "keep_prior": (Flag, "Keep the prior that was learned afterwards; learn its critic alone."),
    "images": (Count, "Training images to learn from, an equal share of every set."),
    "augmentation": (Annotated[float, between(0.0, 10.0)], "Random turns, sizes and shifts of drawings; 0: none."),
    "passes": (Count, "Posterior samples of an image."),
    "data": (Choice, "Data set; what the model was trained on by default."),
    "data_dir": (Folder, "Folder that holds pen/; DOOD_DATA by default."),
    "rows": (Count, "Rows of images."),
    "columns": (Count, "Images a row."),
    "seeds": (Count, "Starts of k-means."),
    "repeats": (Count, "Means over so many seeds, that one and those after it."),
    "scale": (Annotated[float, between(0.1, 20.0)], "Pixels to one of the canvas."),
    "pen": (Annotated[float, between(0.1, 20.0)], "Times the set's own pen."),
    "noise": (Annotated[float, between(0.0, 1.0)], "Its deviation, 1 is ink to paper."),
}
"""By the names of the library's parameters: the type, and what is said where the verb does not say otherwise."""
