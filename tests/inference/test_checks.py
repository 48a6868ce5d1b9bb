"""Images that would be explained wrongly, and in silence, are refused."""

import subprocess
import sys

import pytest
import torch

from dood.errors import DoodError
from dood.inference.bounds import importance_bound
from dood.inference.checks import check_images
from dood.inference.parsing import parse
from dood.inference.variational import amortised
from tests.tiny import scribbles, scribbles_uint8, tiny_model


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (scribbles_uint8(2), r"images have type torch.uint8: give floats in \[0, 1\]"),
        (scribbles_uint8(2).float(), r"images hold values from 0 to 255: ink lies in \[0, 1\]"),
        (scribbles(2) - 0.5, r"images hold values from -0.5 to"),
        (torch.full((1, 4, 4), 1.01), "images hold values from 1.01 to 1.01"),
        (torch.full((1, 4, 4), -0.01), "images hold values from -0.01 to -0.01"),
        (torch.full((1, 4, 4), float("nan")), "images hold values from nan to nan"),
        (scribbles(2).unsqueeze(1), r"images have shape \[2, 1, 12, 12\]: give squares"),
        (scribbles(2)[:, :-1], r"images have shape \[2, 11, 12\]"),
        (scribbles(1)[0], r"images have shape \[12, 12\]"),
    ],
)
def test_other_images_are_refused(images: torch.Tensor, message: str) -> None:
    with pytest.raises(DoodError, match=message):
        check_images(images)


def test_ink_is_taken_at_any_size() -> None:
    for images in (scribbles(2), scribbles(3, side=20).double(), torch.zeros(0, 5, 5), torch.ones(1, 1, 1)):
        check_images(images)


def test_inference_checks_its_images() -> None:
    model, bytes_as_floats = tiny_model(), scribbles_uint8(2).float()
    for infer in (parse, importance_bound, amortised):
        with pytest.raises(DoodError, match="values from 0 to 255"):
            infer(model, bytes_as_floats)


def test_a_batch_of_bytes_is_refused_where_no_test_checks_types() -> None:
    """In a program without jaxtyping's checks, that is."""
    code = """
import torch
from dood.errors import DoodError
from dood.inference.bounds import importance_bound
from dood.inference.parsing import parse
from tests.tiny import scribbles_uint8, tiny_model
model = tiny_model()
for infer in (parse, importance_bound, lambda model, images: model.infer(images)):
    try:
        infer(model, scribbles_uint8(2))
    except DoodError as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (
        done.stdout.splitlines()
        == ["images have type torch.uint8: give floats in [0, 1], 1 is ink (images.float() / 255)"] * 3
    )
