"""What each row of the table measures: the assistant, its peer in the same run, and the ratio of the two."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, text

from bot.answers.assistant import Assistant
from bot.answers.situation import Situation
from bot.contracts.desk import Actor
from bot.contracts.outlook import Outlook
from bot.contracts.reading import contract_of_channel
from bot.office import Office
from bot.overview import Look, Scope, overview
from bot.texts.catalogue import Catalogues
from bot.workspaces.people import Standing
from handlers.blocks.home import home_blocks
from handlers.blocks.home_of_workspace import workspace_blocks
from handlers.blocks.status import status_message
from storage.database import Database, sqlalchemy_url
from tests.bench.answers.questions import read_batches
from tests.bench.serving.contracts import channel, start
from tests.bench.serving.load import Load, ask_by_mention, ask_status, percentile
from tests.bench.serving.loopback import TEAM, USER, Loopback
from tests.bench.serving.peers import ASYNC, SYNC
from tests.bench.serving.processes import Server, assistant_at_home, assistant_over_http, peer

_ROUNDS = 3
_SECONDS = 2.0
_WARM_UP = 0.5
_CHANNELS = 32
_MENTIONED_IN = 5000
"""Channels: in each of them one message a second may be posted."""
_REPEATS = 60
_STARTS = 6


@dataclass(frozen=True)
class Row:
    work: str
    figure: str
    beside: str
    """the peer's figure"""
    ratio: float | None
    target: str
    is_met: bool

    def cells(self) -> list[str]:
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.work, self.figure, self.beside, ratio, self.target, "yes" if self.is_met else "MISSED"]


HEAD = ["Work", "Assistant", "Peer in the same run", "Ratio", "Target", "Met"]


async def serving(slack: Loopback, office: Office, texts: Catalogues, folder: Path) -> list[Row]:
    """The rows over signed HTTP. The servers take turns, so that a busy moment of the machine hits all of them."""
    url = f"sqlite:///{folder / 'serving.db'}"
    channels = [channel(number) for number in range(1, _CHANNELS + 1)]
    slack.channels = channels
    with Database(url) as database:
        start(database, office, texts, contracts=_CHANNELS)
    questions = questions_of_strangers()
    quiet = [f"C0QUIET{number}" for number in range(_MENTIONED_IN)]
    with ExitStack() as stack:
        ours = await asyncio.to_thread(stack.enter_context, assistant_over_http(slack.api_url, url))
        bare = await asyncio.to_thread(stack.enter_context, peer(ASYNC, slack.api_url))
        sync = await asyncio.to_thread(stack.enter_context, peer(SYNC, slack.api_url))
        first = 0

        async def status(server: Server, seconds: float) -> Load:
            return await ask_status(server.url, channels, seconds=seconds, answered=server is ours)

        async def mention(server: Server, seconds: float) -> Load:
            nonlocal first
            first += 100_000
            return await ask_by_mention(server.url, slack, questions, quiet, seconds=seconds, first=first)

        asked = await _in_turns(status, [ours, bare, sync])
        answered = await _in_turns(mention, [ours, bare])
    return [
        _beside("`/contract 현황`, signed HTTP, 32 connections", *asked[:2], least=0.5, p99=0.150),
        _beside("the same, beside a bare sync App", asked[0], asked[2], least=12),
        _beside("mention → answer posted (loopback Slack)", *answered, least=0.5),
    ]


async def _in_turns(measure: Callable[[Server, float], object], servers: list[Server]) -> list[list[Load]]:
    for server in servers:
        await measure(server, _WARM_UP)  # type: ignore[misc]
    loads: list[list[Load]] = [[] for _ in servers]
    for _ in range(_ROUNDS):
        for found, server in zip(loads, servers, strict=True):
            found.append(await measure(server, _SECONDS))  # type: ignore[misc]
    return loads


def _beside(work: str, ours: list[Load], peers: list[Load], *, least: float, p99: float | None = None) -> Row:
    """The median of the ratios of each round."""
    ratio = median(one.per_second / other.per_second for one, other in zip(ours, peers, strict=True))
    slowest = max(load.percentile(0.99) for load in ours)
    target = f"at least {least:g}" + (f", p99 below {p99 * 1000:.0f} ms" if p99 else "")
    return Row(work, _load(ours), _load(peers), ratio, target, ratio >= least and (p99 is None or slowest < p99))


def _load(loads: list[Load]) -> str:
    """The median over the rounds; for p99 the worst round."""
    each = median(load.per_second for load in loads)
    p50, p99 = median(load.percentile(0.5) for load in loads), max(load.percentile(0.99) for load in loads)
    return f"{each:,.0f}/s, p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"


def questions_of_strangers() -> list[str]:
    return [question.q for batch in read_batches().values() for question in batch]


def replies(assistant: Assistant) -> Row:
    """Every question of the open batches, once more after a first time."""
    situation, questions = Situation("ko"), questions_of_strangers()
    for question in questions[:50]:
        assistant.reply(question, situation)
    times = sorted(_timed(partial(assistant.reply, question, situation)) for question in questions)
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    return Row(
        f"question → reply, without Slack ({len(questions)} questions)",
        f"p50 {p50 * 1000:.2f} ms, p99 {p99 * 1000:.2f} ms",
        "-",
        None,
        "p50 below 2 ms, p99 below 10 ms",
        p50 < 0.002 and p99 < 0.010,
    )


def cold_start(slack: Loopback, folder: Path) -> Row:
    """The best of some starts, each with a database of its own; the fitted model is on disk, as after a first start."""
    ours, bare, memory = [], [], []
    for number in range(_STARTS + 1):
        with assistant_at_home(f"sqlite:///{folder / f'start-{number}.db'}") as server:
            ours.append(server.seconds)
            memory.append(server.mebibytes)
        with peer(ASYNC, slack.api_url) as server:
            bare.append(server.seconds)
    ratio = min(ours) / min(bare)
    return Row(
        "cold start to ready, embedded default",
        f"{min(ours):.2f} s, {max(memory):.0f} MB resident",
        f"{min(bare):.2f} s",
        ratio,
        "below 3 times, below 250 MB",
        ratio < 3 and max(memory) < 250,
    )


@contextmanager
def database(where: str, name: str) -> Iterator[Database]:
    """An empty one, beside others in the same folder or on the same server."""
    if where.startswith("sqlite"):
        with Database(f"{where}/{name}.db") as found:
            yield found
        return
    admin = create_engine(sqlalchemy_url(where), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database bench_{name}"))
    with Database(admin.url.set(database=f"bench_{name}").render_as_string(hide_password=False)) as found:
        yield found
    admin.dispose()


def home(small: Database, large: Database, office: Office, texts: Catalogues, engine: str) -> Iterator[Row]:
    """All that is done to show App Home, but for the requests to Slack."""
    ten, thousand = _in_channels(10), _in_channels(1000)
    for scope, whose in ((Scope.MINE, "own contracts"), (Scope.WORKSPACE, "the workspace, as its manager")):
        few, many = _alternately(
            partial(_show_home, small, office, texts, scope, ten),
            partial(_show_home, large, office, texts, scope, thousand),
        )
        yield _itself(f"App Home with 1,000 contracts against 10, {engine}: {whose}", many, few, below=2.0)


def _in_channels(count: int) -> Actor:
    return Actor(TEAM, USER, frozenset(channel(number) for number in range(1, count + 1)))


def _show_home(database: Database, office: Office, texts: Catalogues, scope: Scope, actor: Actor) -> None:
    say = texts.speaker("ko-KR")
    with database.reading() as session:
        seen = overview(Look(scope=scope), session=session, office=office, actor=actor, standing=Standing.MEMBER)
    outlooks = [Outlook.of(state, office) for state in seen.shown]
    assert len(outlooks) >= 10
    blocks = workspace_blocks(seen, outlooks, say) if scope is Scope.WORKSPACE else home_blocks(seen, outlooks, {}, say)
    assert blocks


def status(small: Database, large: Database, office: Office, texts: Catalogues, engine: str) -> Row:
    few, many = _alternately(lambda: _show_status(small, office, texts), lambda: _show_status(large, office, texts))
    return _itself(f"status with 1,000,000 history rows against 1,000, {engine}", many, few, below=1.3)


def _show_status(database: Database, office: Office, texts: Catalogues) -> None:
    with database.reading() as session:
        state = contract_of_channel(channel(1), workspace_id=TEAM, session=session, office=office)
    assert state is not None
    assert status_message(Outlook.of(state, office), texts.speaker("ko-KR")).blocks


def _alternately(one: Callable[[], None], other: Callable[[], None]) -> tuple[list[float], list[float]]:
    for _ in range(5):
        one()
        other()
    gc.collect()
    pairs = [(_timed(one), _timed(other)) for _ in range(_REPEATS)]
    return sorted(first for first, _ in pairs), sorted(second for _, second in pairs)


def _itself(work: str, many: list[float], few: list[float], *, below: float) -> Row:
    ratio = median(many) / median(few)
    return Row(work, _times(many), _times(few), ratio, f"below {below:g} times", ratio < below)


def _times(times: list[float]) -> str:
    return f"p50 {percentile(times, 0.5) * 1000:.2f} ms, p99 {percentile(times, 0.99) * 1000:.2f} ms"


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
