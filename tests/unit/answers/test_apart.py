"""Messages are understood in a second process as in the first, and in the first whenever the second is not there."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.apart.client import Apart
from bot.answers.apart.frames import Frames, Start, frame
from bot.answers.meaning import ThreadContext, Utterance
from bot.answers.topics import Topic
from bot.answers.understanding import Understanding
from bot.cachefile import cache_folder
from bot.procedure.model import Procedure
from tests.patience import until
from tests.second_processes import second_processes
from tests.unit.answers.conftest import NOW, SEOUL

SAID = [
    Utterance("카드 심사 얼마나 걸려요?", NOW, SEOUL.key),
    Utterance("어제 서류 다 보냈어요. 보증보험은 어디서 가입하죠?", NOW, SEOUL.key),
    Utterance("how long does the review take", NOW, SEOUL.key),
    Utterance("두 번째", NOW, SEOUL.key, ThreadContext(shown=("review.duration", "bond.cost"))),
    Utterance("", NOW, SEOUL.key),
]


@pytest.fixture
def start(own_topics: Sequence[Topic], own_procedures: Sequence[Procedure]) -> Start:
    return Start(list(own_topics), list(own_procedures), cache_folder())


@pytest.fixture
async def apart(start: Start, understanding: Understanding) -> AsyncIterator[Apart]:
    """`understanding` is asked for so that there is a fitted model to load."""
    apart = Apart(start)
    await apart.open()
    await until(lambda: apart.is_ready)
    yield apart
    await apart.close()


async def test_it_understands_what_the_first_process_would_in_the_order_in_which_it_is_asked(
    apart: Apart, understanding: Understanding
) -> None:
    meanings = await asyncio.gather(*(apart.understand(one) for one in SAID * 20))

    here = [understanding.understand(one) for one in SAID]
    assert meanings == here * 20


async def test_what_nobody_waits_for_any_more_takes_nobody_elses_answer(apart: Apart) -> None:
    left = asyncio.create_task(apart.understand(SAID[0]))
    await asyncio.sleep(0)
    left.cancel()

    meaning = await apart.understand(SAID[2])

    assert meaning is not None
    assert meaning.language == "en"


async def test_whoever_asked_a_process_that_ends_understands_it_themselves_and_another_is_started(
    apart: Apart,
) -> None:
    [process] = second_processes()
    process.suspend()
    asked = asyncio.create_task(apart.understand(SAID[0]))
    await asyncio.sleep(0)
    process.kill()

    assert await asked is None
    assert not apart.is_ready
    assert await apart.understand(SAID[0]) is None
    await apart.open_again()
    await until(lambda: apart.is_ready)
    assert await apart.understand(SAID[0]) is not None


async def test_one_that_does_not_answer_is_ended(start: Start, understanding: Understanding) -> None:
    apart = Apart(start, patience=0.01)
    await apart.open()
    await until(lambda: apart.is_ready)
    [process] = second_processes()
    process.suspend()

    assert await apart.understand(SAID[0]) is None

    await until(lambda: not psutil.pid_exists(process.pid))
    await apart.close()


async def test_nothing_is_started_before_it_is_opened_or_after_it_is_closed(start: Start) -> None:
    apart = Apart(start)

    await apart.open_again()
    assert second_processes() == []
    assert await apart.understand(SAID[0]) is None
    await apart.close()
    await apart.open_again()
    assert second_processes() == []


async def test_one_that_would_have_to_learn_first_is_not_started(
    start: Start, understanding: Understanding, tmp_path: Path
) -> None:
    """Where no model can be stored, a second process would need the memory and the seconds once more."""
    assert start.is_fitted
    apart = Apart(start._replace(cache_dir=tmp_path))

    await apart.open()
    await apart.open_again()

    assert second_processes() == []


async def test_one_that_never_gets_ready_is_heard_of(
    start: Start, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Start, "is_fitted", True)
    apart = Apart(start._replace(topics=[]))  # nothing to understand a message as

    await apart.open()

    await until(lambda: "the second process has ended with 1" in caplog.text)
    assert not apart.is_ready
    await apart.close()


async def test_a_machine_that_can_start_none_does_without(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    apart = Apart(start)

    await apart.open()

    assert await apart.understand(SAID[0]) is None


async def test_it_is_told_no_secret_and_outlives_a_stop_until_it_is_closed(
    apart: Apart, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    second = Apart(start)
    await second.open()
    await until(lambda: second.is_ready)
    process = second_processes()[-1]

    assert not any("SLACK" in name for name in process.environ())
    for number in (signal.SIGTERM, signal.SIGINT):  # as a supervisor, or Ctrl-C, sends to all processes of a service
        process.send_signal(number)
    assert await second.understand(SAID[0]) is not None
    await second.close()
    assert not psutil.pid_exists(process.pid)


def test_it_ends_with_the_process_that_started_it() -> None:
    """However that ends: nobody closes anything after a kill."""
    worker = [sys.executable, "-m", "bot.answers.apart.worker"]
    first = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess as s; p = s.Popen({worker!r}, stdin=s.PIPE, stdout=s.PIPE); "
         "print(p.pid, flush=True); p.wait()"],
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert first.stdout is not None
    second = psutil.Process(int(first.stdout.readline()))

    os.kill(first.pid, signal.SIGKILL)
    first.communicate()

    second.wait(timeout=60)


@given(st.lists(st.binary(max_size=20)), st.data())
def test_frames_come_whole_however_they_were_cut(told: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(frame, told))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    frames = Frames()

    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    assert [one for piece in pieces for one in frames.more(piece)] == told
