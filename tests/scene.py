"""The whole product in a local Slack workspace, on a clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app import MANIFEST, connect_locally
from bot.knowledge import Knowledge
from bot.localslack.clock import FrozenClock
from bot.localslack.handles import MessageHandle
from bot.localslack.person import Person
from bot.localslack.server import LocalSlack
from bot.localslack.timing import Timing
from bot.office import Office
from bot.settings import Settings
from handlers.product import Product
from storage.database import Database
from tests.patience import PATIENT_SECONDS, be_patient

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)
CHANNEL = "pg-계약"
PATIENT = Timing(acknowledge=PATIENT_SECONDS, trigger=PATIENT_SECONDS)


@dataclass
class Scene:
    """A workspace with the assistant in it, and the people of its default cast."""

    slack: LocalSlack
    product: Product
    database: Database
    minji: Person
    junho: Person
    sora: Person
    emma: Person

    async def until_channel_says(self, *texts: str) -> MessageHandle:
        """The newest message of the contract's channel that holds all these texts, as soon as there is one."""
        return await self.slack.until(lambda: self._newest(texts), what=f"a message with {texts}")

    async def until_sees(self, person: Person, *texts: str, thread: MessageHandle | None = None) -> MessageHandle:
        """The same, in what one person sees, ephemeral messages included."""
        return await self.slack.until(
            lambda: _newest(person.sees(CHANNEL, thread), texts), what=f"{person.name} sees {texts}"
        )

    async def until_reads(self, person: Person, *texts: str) -> MessageHandle:
        """The same, in the person's direct messages with the app."""
        return await self.slack.until(
            lambda: _newest(person.direct_messages, texts), what=f"{person.name} reads {texts}"
        )

    async def until_modal(self, person: Person, title: str) -> None:
        await self.slack.until(lambda: person.modal and title in person.modal.title, what=f"the modal {title!r}")

    async def starts_contract(self, person: Person, merchant: str = "모모상점") -> MessageHandle:
        """Through the command and the modal, as people do. Returns the status message.

        All that the start posts is posted: a trouble ordered next is for what comes next.
        """
        await person.commands(CHANNEL, "/계약", "시작")
        await self.until_modal(person, "계약 시작")
        await person.fills(None, {"가맹점 이름": merchant})
        assert await person.submits() is None
        status = await self.until_channel_says(f"{merchant} · KG파이낸셜 계약")
        await self.slack.quiet()
        return status

    async def finishes(self, person: Person, words: str) -> MessageHandle:
        """`/계약 완료 …` with a step and a day. Returns the announcement."""
        before = len(self.slack.channel(CHANNEL).messages)
        await person.commands(CHANNEL, "/계약", f"완료 {words}")
        return await self.slack.until(
            lambda: next((m for m in self.slack.channel(CHANNEL).messages[before:] if "✅" in m.text), None),
            what=f"완료 {words}",
        )

    async def advance_to(self, local: str) -> None:
        """Moves the clock to a Seoul time, stopping at every nudge on the way."""
        await self.slack.advance_to(datetime.fromisoformat(local).replace(tzinfo=SEOUL))

    def _newest(self, texts: tuple[str, ...]) -> MessageHandle | None:
        return _newest(self.slack.channel(CHANNEL).messages, texts)


def _newest(messages: list[MessageHandle], texts: tuple[str, ...]) -> MessageHandle | None:
    return next((one for one in reversed(messages) if all(text in one.text for text in texts)), None)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load(Settings.read({}))


@pytest.fixture
def scene_database_url(sqlite_url: str) -> str:
    """A module whose promises rest on the database overrides this with `database_url`, and runs on both engines."""
    return sqlite_url


@pytest.fixture
async def scene(scene_database_url: str, knowledge: Knowledge) -> AsyncIterator[Scene]:
    async with opened_scene(scene_database_url, knowledge) as scene:
        yield scene


@asynccontextmanager
async def opened_scene(database_url: str, knowledge: Knowledge) -> AsyncIterator[Scene]:
    """Of a database that has its tables already."""
    clock = FrozenClock(MONDAY_MORNING.astimezone(UTC))
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.callback(database.close)
        slack = LocalSlack(MANIFEST, clock=clock, timing=PATIENT)
        office = Office(knowledge.procedures, clock)
        product = await connect_locally(slack, knowledge, office, database, stack)
        be_patient(product.routes)
        yield Scene(
            slack=slack,
            product=product,
            database=database,
            minji=slack.person("김민지"),
            junho=slack.person("박준호"),
            sora=slack.person("이소라"),
            emma=slack.person("Emma Clark"),
        )
