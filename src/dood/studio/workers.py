"""Processes that do one job after another, and can be stopped in the middle of it."""

import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from dood.errors import DoodError

__all__ = ["Stopped", "Worker"]


class Stopped(Exception):
    """The process ended before its job did."""


class Worker:
    """A process that carries out functions that it can import; the first waits until it has started."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_work, args=(far,), daemon=True)
        self._process.start()
        far.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None  # it was started
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def do(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns; blocks until then.

        Raises:
            DoodError: that the function raised, or that says that it failed.
            Stopped: the process was stopped, or died.
        """
        try:
            self._pipe.send((function, arguments))
            done, value = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise Stopped from error
        if done:
            return value
        raise DoodError(value)

    def stop(self) -> None:
        """End the process now, whatever it does."""
        self._process.kill()
        self._process.join()


def _work(pipe: Connection) -> None:
    """The life of a process: one function after another, until the other end of the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    import dood.studio.work  # noqa: F401 (loaded before the first picture comes)

    with suppress(EOFError, OSError):
        while True:
            function, arguments = pipe.recv()
            pipe.send(_outcome(function, arguments))


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except DoodError as error:
        return False, str(error)
    except MemoryError:
        return False, "this does not fit into memory: give a smaller picture"
    except Exception as error:
        what = " ".join(str(error).split())
        return False, f"unexpected {type(error).__name__}: {what} (please report it)"
