"""Small drawings to try the tool on; `scripts/make_samples.py` draws them."""

from pathlib import Path

__all__ = ["sample_paths"]


def sample_paths() -> list[Path]:
    """Paths of the bundled drawings, sorted by name."""
    return sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in (".png", ".jpg"))
