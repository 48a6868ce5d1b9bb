"""Headers of model files. What is wrong with a file is tested with the models on disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from dood.checkpoints import checkpoint, headers
from dood.checkpoints.headers import base_name, model_name
from dood.errors import DoodError
from tests.folders import write_run


def test_notes_are_read(tmp_path: Path) -> None:
    path = write_run(tmp_path / "r", notes={"data": "mnist"}) / headers.MODEL
    assert headers.read_header(path) == {"format": headers.FORMAT, "config": "{}", "data": "mnist"}
    assert headers.read_header(str(path)) == headers.read_header(path)


def test_no_torch_is_loaded() -> None:
    path = str(checkpoint.shipped()["mnist"])
    code = f"import sys\nfrom dood.checkpoints import headers\nprint(headers.read_header({path!r})['data'])"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nassert 'torch' not in sys.modules"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "mnist\n"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DoodError, match=r"missing\.safetensors is not a readable model"):
        headers.read_header(tmp_path / "missing.safetensors")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ({}, "dood"),
        ({"model": "air", "train": '{"augmentation": 0.0}'}, "air"),
        ({"model": "dood", "train": '{"augmentation": 1.0}'}, "dood-augmented"),
        ({"model": "dood", "train": '{"augmentation": 0.0, "dreams": 0.5}', "refit": "{}"}, "dood-dreams-refit"),
        ({"model": "dood", "train": '{"augmentation": 1.0, "dreams": 0.5}'}, "dood-augmented-dreams"),
        ({"refit": "{}"}, "dood-refit"),
        (
            {"model": "dood-fixed-prior", "train": '{"augmentation": 0.5}', "refit": "{}"},
            "dood-fixed-prior-augmented-refit",
        ),
    ],
)
def test_a_name_says_what_departs_from_the_paper(header: dict[str, str], name: str) -> None:
    assert model_name(header) == name
    assert base_name(name) == header.get("model", "dood")
