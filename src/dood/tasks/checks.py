"""Checks of numbers that several tasks take."""

from dood.errors import DoodError

__all__ = ["check_positive", "check_temperature"]


def check_positive(**numbers: int | None) -> None:
    """Refuse a number below 1, by its name; None stands for a default.

    Raises:
        DoodError: one of them is.
    """
    for name, value in numbers.items():
        if value is not None and value < 1:
            raise DoodError(f"{name} (={value}) must be at least 1")


def check_temperature(temperature: float) -> None:
    """Refuse what cannot be a factor of deviations.

    Raises:
        DoodError: it is negative, infinite or not a number.
    """
    if not 0 <= temperature < float("inf"):
        raise DoodError(f"temperature (={temperature}) must be a number of at least 0")
