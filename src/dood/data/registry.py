"""The data sets that `dood` knows by name: where their originals are, and how those become our layout."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

from dood.data import emnist, idx, omniglot, quickdraw

__all__ = ["SOURCES", "SYNTHETIC", "Original", "Source", "known_names"]

SYNTHETIC = "synthetic"
"""Name of the set that code draws."""


@dataclass(frozen=True)
class Original:
    """A file as its publisher offers it.

    Attributes:
        name: of the file.
        mirrors: addresses, tried in order.
        checksum: "md5:..." or "sha256:..."; None where the publisher states none.
    """

    name: str
    mirrors: tuple[str, ...]
    checksum: str | None = None


@dataclass(frozen=True)
class Source:
    """A data set that can be fetched.

    Attributes:
        name: what users call it.
        originals: the files to get.
        convert: reads a folder of the originals; gives the arrays of our layout.
        counts: official number of training images, of test images, and of classes.
        licence: of the data, and whose they are.
        homepage: address of the publisher's page.
        download: about how much there is to download, in words.
        files: names on disk without `.npz`, the finest first; fetching writes the first.
        class_names: what labels stand for where the file does not say.
    """

    name: str
    originals: tuple[Original, ...]
    convert: Callable[[Path], dict[str, np.ndarray]]
    counts: tuple[int, int, int]
    licence: str
    homepage: str
    download: str
    files: tuple[str, ...]
    class_names: tuple[str, ...] = ()


def known_names() -> list[str]:
    """All names that `load` knows."""
    return [*SOURCES, SYNTHETIC]


def _idx_originals(mirrors: tuple[str, ...], checksums: tuple[str, ...]) -> tuple[Original, ...]:
    return tuple(
        Original(name, tuple(mirror + name for mirror in mirrors), f"md5:{checksum}")
        for name, checksum in zip(idx.FILES.values(), checksums, strict=True)
    )


_OMNIGLOT = "https://raw.githubusercontent.com/brendenlake/omniglot/master/python/"
_QUICKDRAW = "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap/"

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source(
            name="mnist",
            originals=_idx_originals(
                (
                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                    "https://storage.googleapis.com/cvdf-datasets/mnist/",
                ),
                (
                    "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                    "d53e105ee54ea40749a09fcbcd1e9432",
                    "9fb629c4189551a2d022fa330f9573f3",
                    "ec29112dd5afa0611ce80d1b7f02629c",
                ),
            ),
            convert=idx.convert_idx,
            counts=(60_000, 10_000, 10),
            licence="CC BY-SA 3.0, Y. LeCun and C. Cortes",
            homepage="http://yann.lecun.com/exdb/mnist/",
            download="12 MB",
            files=("mnist",),
            class_names=tuple("0123456789"),
        ),
        Source(
            name="emnist",
            originals=(
                Original(
                    emnist.ARCHIVE,
                    ("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",),
                    "md5:58c8d27c78d21e728a6bc7b3cc06412e",
                ),
            ),
            convert=emnist.convert_emnist,
            counts=(112_800, 18_800, 47),
            licence="public domain (NIST Special Database 19), G. Cohen et al.",
            homepage="https://www.nist.gov/itl/products-and-services/emnist-dataset",
            download="560 MB",
            files=("emnist",),
            class_names=emnist.CLASSES,
        ),
        Source(
            name="kmnist",
            originals=_idx_originals(
                ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
                (
                    "bdb82020997e1d708af4cf47b453dcf7",
                    "e144d726b3acfaa3e44228e80efcd344",
                    "5c965bf0a639b31b8f53240b1b52f4d7",
                    "7320c461ea6c1c855c0b718fb2a4b134",
                ),
            ),
            convert=idx.convert_idx,
            counts=(60_000, 10_000, 10),
            licence="CC BY-SA 4.0, KMNIST Dataset by CODH, adapted from Kuzushiji Dataset, doi:10.20676/00000341",
            homepage="http://codh.rois.ac.jp/kmnist/",
            download="21 MB",
            files=("kmnist",),
            class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        ),
        Source(
            name="quickdraw",
            originals=tuple(
                Original(f"{category}.npy", (f"{_QUICKDRAW}{quote(category)}.npy",))
                for category in quickdraw.CATEGORIES
            ),
            convert=quickdraw.convert_quickdraw,
            counts=(40_000, 10_000, 10),
            licence="CC BY 4.0, The Quick, Draw! Dataset, Google",
            homepage="https://github.com/googlecreativelab/quickdraw-dataset",
            download="1.1 GB",
            files=("quickdraw",),
        ),
        Source(
            name="omniglot",
            originals=(
                Original(
                    omniglot.ARCHIVES["train"],
                    (_OMNIGLOT + omniglot.ARCHIVES["train"],),
                    "md5:68d2efa1b9178cc56df9314c21c6e718",
                ),
                Original(
                    omniglot.ARCHIVES["test"],
                    (_OMNIGLOT + omniglot.ARCHIVES["test"],),
                    "md5:6b91aef0f799c5bb55b94e3f2daec811",
                ),
            ),
            convert=omniglot.convert_omniglot,
            counts=(19_280, 13_180, 1623),
            licence="MIT, Brenden Lake",
            homepage="https://github.com/brendenlake/omniglot",
            download="16 MB",
            files=("omniglot_105", "omniglot"),
        ),
    )
}
"""By name, in the order of the paper's tables."""
