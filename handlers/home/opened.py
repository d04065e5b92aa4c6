"""Somebody opens the app: App Home shows their contracts, the message tab suggests what to ask."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.reading import contracts_of
from handlers.blocks.home import home_view, suggested_prompts
from handlers.deps import Deps, visit_of
from handlers.inbox import finishing


def register(app: AsyncApp, deps: Deps) -> None:
    app.event("app_home_opened")(finishing(on_opened, deps))


async def on_opened(body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient, deps: Deps) -> None:
    event = body["event"]
    visit = await visit_of(context, client, deps)
    states = await deps.database.read(contracts_of, office=deps.office, actor=await visit.actor())
    if event.get("tab") == "messages":
        # Without thread_ts: with it Slack pins the prompts to a thread and says nothing when there is none.
        await client.assistant_threads_setSuggestedPrompts(
            channel_id=event["channel"], thread_ts=None, **suggested_prompts(states, visit.say)
        )
        return
    view = home_view([visit.outlook(state) for state in states], visit.say)
    await client.views_publish(user_id=visit.user_id, view=view)
