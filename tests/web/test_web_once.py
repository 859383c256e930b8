"""Messages that come twice, and answers that are ready in the very moment the time for them is up (web/once.py)."""

from __future__ import annotations

import asyncio
import time

import pytest

from web.once import Once, StillWorkingError

SECONDS = 0.02


def test_what_ends_as_the_time_is_up_is_the_answer() -> None:
    async def busy() -> str:
        once: Once[str] = Once()

        async def work() -> str:
            # Due right behind the end of the time, in the same pass of a loop that was kept busy beyond both.
            await asyncio.sleep(SECONDS)
            return "answer"

        asyncio.get_running_loop().call_later(SECONDS / 2, time.sleep, SECONDS * 2)
        try:
            return await once.do("key", work, SECONDS)
        except StillWorkingError:
            # The client asks again.
            return await once.do("key", work, SECONDS)

    assert asyncio.run(busy()) == "answer"


def test_a_time_of_its_own_that_is_up_is_the_answer_too() -> None:
    async def late() -> str:
        raise TimeoutError("of the work itself")

    async def ask() -> str:
        return await Once[str]().do("key", late, SECONDS)

    with pytest.raises(TimeoutError, match="of the work itself"):
        asyncio.run(ask())


def test_what_is_not_ready_goes_on_and_is_shared() -> None:
    async def ask() -> tuple[object, str, int]:
        once: Once[str] = Once()
        began = 0

        async def work() -> str:
            nonlocal began
            began += 1
            await asyncio.sleep(SECONDS * 3)
            return "answer"

        with pytest.raises(StillWorkingError) as still:
            await once.do("key", work, SECONDS, "so far")
        return still.value.progress, await once.do("key", work), began

    assert asyncio.run(ask()) == ("so far", "answer", 1)
