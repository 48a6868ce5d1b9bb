"""Classification from one example of each class (paper 3.2, Table 1; Lake et al., 2015)."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from dood.checkpoints import checkpoint
from dood.checkpoints.headers import model_name, source_of
from dood.concepts.certainty import CERTAINTIES, class_probabilities, known_probability
from dood.concepts.matching import UNIT, Types, best_scores, blank_scores, pair_scores
from dood.data.imageset import read_arrays
from dood.errors import DoodError
from dood.files import write_table
from dood.models.dood import DooD
from dood.pictures import Picture, find_images, load_picture
from dood.tasks.reading import Seen, readings_of, seen_of, traceable

__all__ = ["SCORINGS", "Answer", "Run", "Runs", "all_scores", "class_scores", "classify", "classify_runs", "read_runs"]

SCORINGS = ("one-way", "two-way")
"""How well the class's example, drawn anew, explains the query; and also how well the query explains the example."""

BACK, PER_PIXEL = 0.5, 1.0
"""In two-way scoring: the weight of how well the query explains the example, and what the example costs unexplained, in
nats a pixel of its ink at 50 x 50. Chosen on background alphabets of Omniglot."""


AT_ONCE = 64
"""Queries that are scored at once: some 2 MB each while they are."""


class Answer(NamedTuple):
    """Which class a query is of.

    Attributes:
        query: its file.
        classes: the most probable first.
        probabilities: of the classes, given that it is of one of them.
        known: the probability that it is of one of them, if one drawing in two is of none.
        none: whether it is said to be of none: `known` is less than for 95 in 100 drawings that were of one.
    """

    query: Path
    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    known: float
    none: bool


class Run(NamedTuple):
    """A run of the protocol: a row of the table. Seconds are of processor time."""

    model: str
    source: str
    scoring: str
    run: int
    accuracy: float
    seconds: float


class Runs(NamedTuple):
    """Runs as Lake et al. made them.

    Attributes:
        train_images: [r, c, h, w], one example of each class, ink 255.
        test_images: [r, q, h, w], the queries.
        answers: [r, q], which of the c classes each query is of.
    """

    train_images: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    answers: NDArray[np.int64]


def class_scores(
    model: DooD,
    examples: Iterable[Picture],
    queries: Iterable[Picture],
    *,
    scoring: str = "one-way",
    tracing: bool = True,
) -> Float[Tensor, "q c"]:
    """Log score of every example's class for every query, up to a constant of the query; minus infinity if hopeless.

    Pictures are taken one by one, and at most `AT_ONCE` queries are scored at once.

    Arguments:
        scoring: one of `SCORINGS`.
        tracing: whether pictures are traced as well, and the better of both readings counts; a model of parts is none.

    Raises:
        DoodError: unknown scoring.
    """
    return torch.cat([scores for _, scores in _asked_and_scored(model, examples, queries, scoring, tracing)])


def _asked_and_scored(
    model: DooD, examples: Iterable[Picture], queries: Iterable[Picture], scoring: str, tracing: bool
) -> Iterator[tuple[Float[Tensor, "q r r"], Float[Tensor, "q c"]]]:
    """Some queries at a time as the model sees them, and their scores."""
    if scoring not in SCORINGS:
        raise DoodError(f"scoring {scoring!r} is unknown: use {' or '.join(SCORINGS)}")
    shown = seen_of(model, examples, tracing=tracing)
    readings = readings_of(model, shown)
    back = tracing and scoring == "two-way"  # one-way, nobody asks what strokes a query has
    rest = (seen_of(model, [picture], tracing=back) for picture in queries)
    while some := list(islice(rest, AT_ONCE)):
        asked = Seen.joined(some)
        yield asked.rasters, next(scores for name, scores in _scored(model, readings, shown, asked) if name == scoring)


def all_scores(
    model: DooD, examples: Sequence[Picture], queries: Sequence[Picture], *, tracing: bool = True
) -> Iterator[tuple[str, Float[Tensor, "q c"]]]:
    """Yield each of `SCORINGS` and its `class_scores`, each once it is wanted: the later ones build on the earlier."""
    shown, asked = (seen_of(model, pictures, tracing=tracing) for pictures in (examples, queries))
    yield from _scored(model, readings_of(model, shown), shown, asked)


def _scored(
    model: DooD, readings: Sequence[Types], shown: Seen, asked: Seen
) -> Iterator[tuple[str, Float[Tensor, "q c"]]]:
    """The scores by the better of the readings of both, the examples and the queries."""
    each = [best_scores(types, asked.rasters) for types in readings]
    yield "one-way", torch.stack(each).amax(0)
    ink = shown.rasters.sum((1, 2)) * (UNIT / shown.rasters.shape[-1]) ** 2
    both = []
    for scores, types in zip(each, readings_of(model, asked), strict=True):
        query, example = scores.isfinite().nonzero(as_tuple=True)
        back = pair_scores(types.rows(query), shown.rasters[example])
        both.append(scores.index_put((query, example), BACK * (back + PER_PIXEL * ink[example]), accumulate=True))
    yield "two-way", torch.stack(both).amax(0)


def classify(
    support: str | Path,
    queries: Sequence[str | Path],
    *,
    model: str | Path | DooD = "omniglot",
    scoring: str = "one-way",
    tracing: bool = True,
    polarity: str = "auto",
) -> list[Answer]:
    """Say which class each picture is of, given one or more examples of each class, and how sure that is.

    Arguments:
        support: a folder of image files, one a class and named after it, or of folders, one a class with its examples.
        queries: image files, and folders of them.
        model: a model, or what `dood.checkpoints.checkpoint.load` takes.
        scoring: one of `SCORINGS`.
        tracing: as for `class_scores`.
        polarity: dark (ink on light), light, or auto.

    Raises:
        DoodError: a picture cannot be read, or there are no classes or two of one name.
    """
    examples = _examples(Path(support))
    paths = find_images(queries)
    network = model if isinstance(model, DooD) else checkpoint.load(model)
    shown, asked = (
        (load_picture(path, polarity=polarity) for path in files) for files in ([e[1] for e in examples], paths)
    )
    found = [
        (blank_scores(some), scores) for some, scores in _asked_and_scored(network, shown, asked, scoring, tracing)
    ]
    blank, scores = (torch.cat(part) for part in zip(*found, strict=True))
    names = list(dict.fromkeys(name for name, _ in examples))
    of_class = torch.tensor([names.index(name) for name, _ in examples])
    best = torch.stack([scores[:, of_class == i].amax(-1) for i in range(len(names))], -1)
    certainty = CERTAINTIES[scoring, tracing and traceable(network)]
    probable = class_probabilities(best, certainty)
    known = known_probability(best, blank, certainty).tolist()
    order = probable.argsort(-1, descending=True)
    answers = []
    for path, row, of, there in zip(paths, order.tolist(), probable, known, strict=True):
        answers.append(
            Answer(path, tuple(names[i] for i in row), tuple(of[row].tolist()), there, there < certainty.none_below)
        )
    return answers


def classify_runs(
    path: str | Path,
    table: str | Path | None = None,
    *,
    model: str | Path = "omniglot",
    scoring: str = "one-way",
    tracing: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[Run]:
    """Measure a model on runs of the one-shot protocol.

    Arguments:
        path: an `.npz` file with the arrays of `Runs`.
        table: a CSV file that the rows are written to.
        model: as for `dood.checkpoints.checkpoint.load`.
        scoring: one of `SCORINGS`.
        tracing: as for `class_scores`.
        progress: called with the runs done and their total.

    Raises:
        DoodError: the file holds no such runs, or unknown model or scoring.
    """
    runs, network, header = read_runs(path), checkpoint.load(model), checkpoint.header_of(model)
    about = model_name(header), source_of(header), scoring
    rows: list[Run] = []
    for i, (examples, queries, answers) in enumerate(zip(*runs, strict=True)):
        began = time.process_time()
        shown, asked = (
            [Picture.from_array(image, polarity="light") for image in images] for images in (examples, queries)
        )
        found = class_scores(network, shown, asked, scoring=scoring, tracing=tracing).argmax(-1).numpy()
        rows.append(Run(*about, i + 1, float(np.mean(found == answers)), time.process_time() - began))
        if table is not None:
            write_table(table, Run._fields, rows)
        if progress:
            progress(i + 1, len(runs.answers))
    return rows


def read_runs(path: str | Path) -> Runs:
    """Read runs of the one-shot protocol.

    Raises:
        DoodError: the file cannot be read, an array is missing, or their shapes or values do not go together.
    """
    arrays = read_arrays(Path(path))
    missing = [name for name in Runs._fields if name not in arrays]
    if missing:
        raise DoodError(f"{path} has no array {missing[0]!r}: it needs {', '.join(Runs._fields)}")
    runs = Runs(*(arrays[name] for name in Runs._fields))
    train, test, answers = (array.shape for array in runs)
    fits = len(train) == len(test) == 4 and len(answers) == 2 and test[:2] == answers and train[0] == test[0]
    if not fits or 0 in train + test:
        raise DoodError(
            f"{path} holds train_images {train}, test_images {test} and answers {answers}: they must be"
            " [runs, classes, h, w], [runs, queries, h, w] and [runs, queries]"
        )
    if runs.answers.dtype.kind not in "iu":
        raise DoodError(f"{path} has answers of type {runs.answers.dtype}: give whole numbers, the classes from 0")
    if runs.answers.min() < 0 or runs.answers.max() >= train[1]:
        raise DoodError(f"{path} has answers from {runs.answers.min()} to {runs.answers.max()}, of {train[1]} classes")
    return runs


def _examples(support: Path) -> list[tuple[str, Path]]:
    """Names of classes and files of their examples."""
    if not support.exists():
        raise DoodError(f"{support} does not exist: give a folder of examples")
    if not support.is_dir():
        raise DoodError(f"{support} is not a folder: give one with an example of each class")
    folders = sorted(path for path in support.iterdir() if path.is_dir())
    found = [(folder.name, path) for folder in folders for path in find_images([folder])]
    if not folders or any(path.is_file() and not path.name.startswith(".") for path in support.iterdir()):
        found += [(path.stem, path) for path in find_images([support])]
    files = Counter(path.stem for name, path in found if path.parent == support)
    taken = {folder.name for folder in folders}
    for name, number in files.items():
        if number > 1 or name in taken:
            raise DoodError(f"{support} has more than one {name!r}: put the examples of a class into a folder {name}/")
    return found
