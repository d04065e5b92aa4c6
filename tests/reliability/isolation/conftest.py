"""One scene for all forged payloads: whatever a test leaves in its database is taken back before the next one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.knowledge import Knowledge
from tests.reliability.isolation.stage import OnStage, set_stage
from tests.scene import knowledge, opened_scene, scene, scene_database_url
from tests.slack_double import running_slack_double

__all__ = ["knowledge", "scene", "scene_database_url"]


@pytest.fixture(scope="module")
def stage_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stage") / "stage.db"
    shutil.copyfile(sqlite_template, path)
    return path


@pytest.fixture(scope="module")
async def stage(stage_file: Path, knowledge: Knowledge) -> AsyncIterator[OnStage]:
    with closing(sqlite3.connect(":memory:")) as as_set:

        def restore() -> None:
            with closing(sqlite3.connect(stage_file, timeout=30)) as now:
                as_set.backup(now)

        async with opened_scene(f"sqlite:///{stage_file}", knowledge) as opened, running_slack_double() as answers:
            forger = await set_stage(opened, answers, restore)
            with closing(sqlite3.connect(stage_file)) as now:
                now.backup(as_set)
            yield forger


@pytest.fixture
async def forger(stage: OnStage) -> AsyncIterator[OnStage]:
    yield stage
    await stage.set_back()
