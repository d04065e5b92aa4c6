"""What a start leaves for later, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from unittest.mock import NonCallableMagicMock, create_autospec

import pytest

from bot.answers.apart.frames import Start
from bot.answers.understanding import Understanding
from bot.datafile import BadDataFile
from bot.knowledge import Knowledge
from bot.late import Late
from bot.settings import Settings

Stored = Callable[[bool], None]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Stored:
    return lambda is_it: monkeypatch.setattr(Start, "is_fitted", is_it)


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> NonCallableMagicMock:
    made = create_autospec(Understanding.build, return_value=create_autospec(Understanding, instance=True))
    monkeypatch.setattr(Understanding, "build", made)
    return made


def test_a_start_that_finds_the_model_does_not_wait_for_it(stored: Stored, build: NonCallableMagicMock) -> None:
    stored(True)

    knowledge = Knowledge.load(Settings.read({}))

    build.assert_not_called()
    assert knowledge.understanding.get() is knowledge.understanding.get()
    build.assert_called_once()


def test_what_is_new_and_wrong_is_refused_at_the_start(stored: Stored, build: NonCallableMagicMock) -> None:
    stored(False)
    build.side_effect = BadDataFile("lexicon.yml, line 3: stands twice")

    with pytest.raises(BadDataFile, match="line 3"):
        Knowledge.load(Settings.read({}))


def test_many_who_ask_at_once_get_the_same() -> None:
    together = Barrier(4)
    slow, made = Event(), []

    def make() -> object:
        slow.wait(10)
        made.append(object())
        return made[-1]

    late = Late(make)

    def ask() -> object:
        together.wait(10)
        return late.get()

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask) for _ in range(4)]
        slow.set()
        assert {id(one.result()) for one in asked} == {id(made[0])}
    assert len(made) == 1


def test_what_failed_is_tried_again() -> None:
    outcomes = iter([OSError("not now"), None])

    def make() -> str:
        failed = next(outcomes)
        if failed:
            raise failed
        return "made"

    late = Late(make)
    with pytest.raises(OSError, match="not now"):
        late.get()

    assert late.get() == "made"
