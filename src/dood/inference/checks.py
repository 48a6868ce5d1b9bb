"""A check of the images that inference takes: other numbers would be explained, wrongly and in silence."""

from torch import Tensor

from dood.errors import DoodError

__all__ = ["check_images"]


def check_images(images: Tensor) -> None:
    """Refuse what is no batch of square images [b, h, h] with ink in [0, 1].

    Raises:
        DoodError: the images have another type or shape, or values out of range.
    """
    if not images.is_floating_point():
        raise DoodError(f"images have type {images.dtype}: give floats in [0, 1], 1 is ink (images.float() / 255)")
    if images.ndim != 3 or images.shape[1] != images.shape[2] or not images.shape[1]:
        raise DoodError(f"images have shape {list(images.shape)}: give squares [b, h, h], without channels")
    if not len(images):
        return
    low, high = (value.item() for value in images.aminmax())
    if not 0 <= low <= high <= 1:
        raise DoodError(f"images hold values from {low:g} to {high:g}: ink lies in [0, 1] (divide bytes by 255)")
