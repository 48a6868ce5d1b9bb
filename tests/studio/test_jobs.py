"""Jobs: in processes of their own, ended when they take too long or nobody waits."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra studio")

from dood.errors import DoodError
from dood.studio import limits
from dood.studio.jobs import Busy, Gone, Jobs


async def here() -> bool:
    return False


async def gone() -> bool:
    return True


def running(steps: Callable[[Jobs], Coroutine[Any, Any, Any]], **settings: Any) -> Any:
    """What steps with jobs come to."""

    async def whole() -> Any:
        jobs = Jobs(**settings)
        try:
            return await steps(jobs)
        finally:
            jobs.close()

    return asyncio.run(whole())


def test_a_process_does_one_job_after_another_and_is_another_than_this() -> None:
    async def steps(jobs: Jobs) -> tuple[int, int]:
        return await jobs.run(here, os.getpid), await jobs.run(here, os.getpid)

    first, second = running(steps)
    assert first == second != os.getpid()


def test_a_job_that_takes_too_long_is_ended_and_the_next_is_done() -> None:
    async def steps(jobs: Jobs) -> int:
        jobs.seconds = 0.2
        with pytest.raises(DoodError, match=r"longer than 0\.2 seconds"):
            await jobs.run(here, time.sleep, 60)
        jobs.seconds = 60
        return await jobs.run(here, abs, -3)

    assert running(steps) == 3


def test_a_job_that_nobody_waits_for_is_ended() -> None:
    async def steps(jobs: Jobs) -> int:
        with pytest.raises(Gone):
            await jobs.run(gone, time.sleep, 60)
        return await jobs.run(here, abs, -3)

    assert running(steps) == 3


def test_a_slow_job_holds_up_no_other() -> None:
    async def steps(jobs: Jobs) -> float:
        slow = asyncio.create_task(jobs.run(here, time.sleep, 60))
        await jobs.run(here, abs, -3)
        still = not slow.done()
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        return still

    assert running(steps)


def test_a_process_that_dies_is_told_of_and_replaced() -> None:
    async def steps(jobs: Jobs) -> int:
        with pytest.raises(DoodError, match="process died"):
            await jobs.run(here, os._exit, 1)
        return await jobs.run(here, abs, -3)

    assert running(steps) == 3


def test_errors_come_back_as_one_line() -> None:
    async def steps(jobs: Jobs) -> None:
        with pytest.raises(DoodError, match=r"^unexpected ValueError: .*\(please report it\)$"):
            await jobs.run(here, int, "x")

    running(steps)


def test_more_than_may_wait_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_WAITING", 0)

    async def steps(jobs: Jobs) -> None:
        with pytest.raises(Busy, match="try again"):
            await jobs.run(here, abs, 1)

    running(steps)
