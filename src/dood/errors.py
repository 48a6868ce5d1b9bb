"""The one exception of the library that a user is meant to see, and what is said where torch is missing."""

__all__ = ["TORCH", "DoodError", "lacks_torch"]


class DoodError(ValueError):
    """Input, a file or a setting that cannot be used; the message is one line that names it and says what to do."""


TORCH = "pip install 'dood[torch]'"
"""The remedy where torch is missing."""


def lacks_torch(error: BaseException) -> bool:
    """Whether an import failed since the extra `torch` is not installed."""
    return isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in ("torch", "jaxtyping")
