"""How much of a drawing's class its strokes tell: a linear classifier on the latents."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dood import data
from dood.checkpoints import checkpoint
from dood.checkpoints.headers import model_name, source_of
from dood.errors import DoodError
from dood.files import write_table
from dood.models.dood import DooD

__all__ = ["Accuracy", "features", "linear_accuracy", "probe"]

STRENGTHS = (0.01, 0.1, 1.0)
"""Inverse weights of the classifier's penalty, among which the validation images choose."""
VALIDATION = 0.1
"""Share of the training images that choose."""
IMAGES_AT_ONCE = 250


class Accuracy(NamedTuple):
    """A row of the table: share of test images whose class is found."""

    model: str
    source: str
    target: str
    seed: int
    train_images: int
    test_images: int
    accuracy: float


def probe(
    models: Sequence[str | Path],
    targets: Sequence[str],
    table: str | Path,
    *,
    limit: int | None = 20_000,
    seed: int = 0,
) -> list[Accuracy]:
    """Probe every model on every data set, and write the table after each.

    Arguments:
        models: as for `dood.checkpoints.checkpoint.load`.
        targets: names of data sets with classes; their training images teach the classifier, a tenth of them chooses
            its penalty, and the test images measure it.
        table: a CSV file, made anew.
        limit: at most so many training images, taken at random; all of them with None.
        seed: of that choice.

    Raises:
        DoodError: unknown model or data, data without a split, too few images, or scikit-learn is not installed.
    """
    rows = []
    for model in models:
        header, network = checkpoint.header_of(model), checkpoint.load(model)
        about = model_name(header), source_of(header)
        for target in targets:
            images = data.load(target)
            if not images.has_split:
                raise DoodError(
                    f"{target} has no split: the classifier would be tested on the images that taught it; put the"
                    " pictures into subfolders train and test, or give an .npz file with both"
                )
            chosen = np.random.default_rng(seed).permutation(len(images.train_images))[:limit]
            if len(chosen) < 1 / VALIDATION or not len(images.test_images):
                raise DoodError(
                    f"{target} has {len(chosen)} training and {len(images.test_images)} test images: too few"
                )
            at_side = images.at(network.config.resolution)
            seen = features(network, torch.from_numpy(at_side.train_images[chosen]))
            held_out = features(network, torch.from_numpy(at_side.test_images))
            accuracy = linear_accuracy(seen, images.train_labels[chosen], held_out, images.test_labels)
            rows.append(Accuracy(*about, target, int(header.get("seed", 0)), len(seen), len(held_out), accuracy))
            write_table(table, Accuracy._fields, rows)
    return rows


@torch.no_grad()
def features(model: DooD, images: Tensor) -> NDArray[np.float32]:
    """What the recognition model says of uint8 images [n, h, w], end to end: [n, t (d + 1)].

    For every stroke its mean latents, or zeros where it is not used, and whether it is.
    """
    rows = []
    for chunk in images.split(IMAGES_AT_ONCE):
        inference = model.infer(chunk.float() / 255)
        number = inference.stop_q.logits.argmax(-1)
        used = torch.arange(model.config.strokes) < number.unsqueeze(-1)
        used = used.unsqueeze(-1).float()
        rows.append(torch.cat([inference.latents.flat() * used, used], -1).flatten(1))
    return torch.cat(rows).numpy()


def linear_accuracy(seen: NDArray, labels: NDArray, held_out: NDArray, truth: NDArray) -> float:
    """Accuracy on `held_out` of logistic regression on standardised features; a validation split chose its penalty."""
    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError as error:
        raise DoodError("the probe needs scikit-learn: pip install 'dood[eval]'") from error

    def fitted(strength: float, rows: slice) -> Any:
        classifier = LogisticRegression(C=strength, max_iter=300)
        return make_pipeline(StandardScaler(), classifier).fit(seen[rows], labels[rows])

    teaching = slice(0, len(seen) - max(1, round(VALIDATION * len(seen))))
    choosing = slice(teaching.stop, len(seen))
    scores = [fitted(strength, teaching).score(seen[choosing], labels[choosing]) for strength in STRENGTHS]
    return float(fitted(STRENGTHS[int(np.argmax(scores))], slice(None)).score(held_out, truth))
