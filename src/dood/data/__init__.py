"""Data sets: the five of the paper, a user's own pictures, and drawings made by code."""

from dood.data.datasets import image_set
from dood.data.imageset import ImageSet, read_npz, write_npz
from dood.data.listing import SetStatus, list_sets
from dood.data.obtain import fetch
from dood.data.resize import images_at
from dood.data.spacing import evenly_spaced
from dood.data.store import load
from dood.data.synthetic import make_synthetic
from dood.data.training import TrainingData, training_data

__all__ = [
    "ImageSet",
    "SetStatus",
    "TrainingData",
    "evenly_spaced",
    "fetch",
    "image_set",
    "images_at",
    "list_sets",
    "load",
    "make_synthetic",
    "read_npz",
    "training_data",
    "write_npz",
]
