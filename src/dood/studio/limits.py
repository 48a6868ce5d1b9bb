"""What one request may ask for."""

__all__ = ["MAX_BYTES", "MAX_JOBS", "MAX_PIXELS", "MAX_WAITING", "SECONDS"]

MAX_BYTES = 32 * 2**20
"""Of a picture or a drawing that is sent."""

MAX_PIXELS = 60_000_000
"""Of a picture that is sent."""

MAX_JOBS = 2
"""At once, each in a process of its own."""

MAX_WAITING = 8
"""Jobs that wait for a process; more are refused."""

SECONDS = 120.0
"""That a job may take, without what it waits."""
