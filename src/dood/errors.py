"""The one exception of the library that a user is meant to see."""

__all__ = ["DoodError"]


class DoodError(ValueError):
    """Input, a file or a setting that cannot be used; the message is one line that names it and says what to do."""
