"""Jobs: functions in processes of their own, a few at once, each for so long, and ended when nobody waits for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from dood.errors import DoodError
from dood.studio import limits
from dood.studio.workers import Stopped, Worker

__all__ = ["Busy", "Gone", "Jobs"]

LOOK = 0.05
"""Seconds between two looks at whether somebody still waits."""


class Busy(DoodError):
    """More jobs wait than can be done soon."""


class Gone(Exception):
    """Nobody waits for the result any more."""


class Jobs:
    """Runs jobs in at most `most` processes. One is kept warm, as starting takes about a second."""

    def __init__(self, most: int = limits.MAX_JOBS, seconds: float = limits.SECONDS) -> None:
        self.seconds = seconds
        self._places = asyncio.Semaphore(most)
        self._idle: list[Worker] = []
        self._waiting = 0

    def warm(self) -> None:
        """Start a process that waits for a job."""
        if not self._idle:
            self._idle.append(Worker())

    def close(self) -> None:
        """End the processes that wait."""
        while self._idle:
            self._idle.pop().stop()

    async def run(self, gone: Callable[[], Awaitable[bool]], function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns.

        Arguments:
            gone: whether nobody waits for the result any more; asked again and again.

        Raises:
            DoodError: of the function, or it takes too long, or too many wait (`Busy`).
            Gone: nobody waits; the job is ended.
        """
        if self._waiting >= limits.MAX_WAITING:
            raise Busy("too many pictures are being traced at once: try again in a moment")
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._in_process(gone, function, arguments)
        finally:
            self._places.release()

    async def _in_process(
        self, gone: Callable[[], Awaitable[bool]], function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> Any:
        worker = self._take()
        task = asyncio.create_task(asyncio.to_thread(worker.do, function, *arguments))
        try:
            await self._watch(task, gone)
            return task.result()
        except Stopped:
            raise DoodError("the picture's process died, maybe for want of memory: give a smaller picture") from None
        finally:
            if task.done() and not isinstance(task.exception(), Stopped):
                self._idle.append(worker)
            else:
                await asyncio.to_thread(worker.stop)
                await asyncio.gather(task, return_exceptions=True)
                self.warm()

    async def _watch(self, task: asyncio.Task[Any], gone: Callable[[], Awaitable[bool]]) -> None:
        """Return when the task is done; raise when it should not go on."""
        end = time.monotonic() + self.seconds
        while not (await asyncio.wait([task], timeout=LOOK))[0]:
            if await gone():
                raise Gone
            if time.monotonic() > end:
                raise DoodError(f"this takes longer than {self.seconds:g} seconds: give a smaller or cleaner picture")

    def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            worker.stop()
        return Worker()
