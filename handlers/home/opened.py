"""Somebody opens the app: App Home shows their contracts, the message tab suggests what to ask."""

from __future__ import annotations

from bot.contracts.reading import contracts_of
from bot.workspaces.people import Standing
from handlers.blocks.prompts import suggested_prompts
from handlers.deps import Deps
from handlers.home.publishing import publish_home
from handlers.listening import Happened, on_event
from handlers.routes import Routes

_MESSAGES_TAB = "messages"


def register(routes: Routes, deps: Deps) -> None:
    on_event(routes, "app_home_opened", on_opened, deps)


async def on_opened(happened: Happened) -> None:
    visit = happened.visit
    if visit.standing is Standing.OUTSIDER:
        return
    if happened.event.get("tab") != _MESSAGES_TAB:
        await publish_home(visit, shown=happened.event.get("view"))
        return
    states = await visit.deps.database.read(contracts_of, office=visit.deps.office, actor=await visit.reader())
    # Without thread_ts: with it Slack pins the prompts to a thread, and says nothing when there is none.
    await visit.client.assistant_threads_setSuggestedPrompts(
        channel_id=happened.event["channel"], **suggested_prompts(states, visit.say)
    )
