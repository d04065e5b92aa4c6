"""Serves one or many Slack workspaces, over sockets or over HTTP, on the real time."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SteadyClock
from bot.knowledge import Knowledge
from bot.office import Office
from bot.opening import open_database
from bot.settings import CannotStart, Settings
from bot.workspaces.installing import connect_with_own_token
from handlers.clients import lines_to_slack, slack_client
from handlers.http import LARGEST_REQUEST, add_slack_routes
from handlers.oauth.grants import OAuthApp
from handlers.oauth.routes import INSTALL, InstallRoutes
from handlers.oauth.tokens import Tokens
from handlers.operators import add_operator_routes
from handlers.pacing import Pace
from handlers.product import Product
from handlers.slack_errors import BROKEN_LINE, reason_of
from storage.database import Database, clock_of_database
from storage.vault import Vault

log = logging.getLogger("contract_guide")

_LAST_REQUESTS_SECONDS = 0.3
"""What comes while we stop: Slack sends it again."""
SPREAD = timedelta(minutes=2)
"""Over how long the reminders of one minute are delivered, workspace by workspace."""


async def serve_over_sockets(settings: Settings, stack: AsyncExitStack) -> None:
    product = await _product(settings, stack)
    assert settings.slack_app_token is not None
    handler = AsyncSocketModeHandler(product.app, settings.slack_app_token.get_secret_value())
    await _listen(settings, web.Application(), product, stack)
    await handler.connect_async()
    stack.push_async_callback(handler.close_async)
    product.start(watched=True)
    stack.push_async_callback(product.stop)
    log.info("connected to Slack over Socket Mode")


async def serve_over_http(settings: Settings, stack: AsyncExitStack) -> None:
    product = await _product(settings, stack)
    await _serve_requests(settings, product, web.Application(client_max_size=LARGEST_REQUEST), stack)


async def serve_many_workspaces(settings: Settings, scopes: Sequence[str], stack: AsyncExitStack) -> None:
    knowledge = Knowledge.load(settings)
    database = open_database(settings)
    stack.callback(database.close)
    clock = SteadyClock(await database.read(clock_of_database))
    session = await stack.enter_async_context(lines_to_slack())
    tokens = Tokens(database, clock, vault_of(settings), _oauth_app(settings), session=session)
    client = slack_client(None, settings.slack_api_url, session=session)
    product = _on_real_time(settings, knowledge, database, client, clock, tokens)
    server = web.Application(client_max_size=LARGEST_REQUEST)
    keep_days = settings.keep_after_uninstall_days
    routes = InstallRoutes(tokens, database, clock, knowledge.texts, scopes=scopes, keep_days=keep_days)
    routes.add_to(server)
    await _serve_requests(settings, product, server, stack)
    log.info("workspaces install the app on %s", INSTALL)


async def _serve_requests(settings: Settings, product: Product, server: web.Application, stack: AsyncExitStack) -> None:
    secret = _signing_secret(settings)
    assert secret is not None
    add_slack_routes(server, product.app, secret)
    await _listen(settings, server, product, stack)
    product.start(watched=True)
    stack.push_async_callback(product.stop)
    log.info("serving Slack's requests on %s:%s/slack/events", settings.bind_host, settings.port)


def _signing_secret(settings: Settings) -> str | None:
    return settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None


def _oauth_app(settings: Settings) -> OAuthApp:
    assert settings.slack_client_id is not None
    assert settings.slack_client_secret is not None
    return OAuthApp(settings.slack_client_id, settings.slack_client_secret.get_secret_value(), settings.slack_api_url)


def vault_of(settings: Settings) -> Vault:
    return Vault([key.get_secret_value() for key in settings.token_keys])


async def _product(settings: Settings, stack: AsyncExitStack) -> Product:
    knowledge = Knowledge.load(settings)
    assert settings.slack_bot_token is not None
    session = await stack.enter_async_context(lines_to_slack())
    client = slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session=session)
    try:
        us = await client.auth_test()
    except SlackApiError as refused:
        raise CannotStart(f"SLACK_BOT_TOKEN: Slack does not accept it: {reason_of(refused)}") from refused
    except BROKEN_LINE as broken:
        raise CannotStart(f"SLACK_API_URL: Slack cannot be reached: {type(broken).__name__}") from broken
    database = open_database(settings)
    stack.callback(database.close)
    clock = SteadyClock(await database.read(clock_of_database))
    await database.write(
        connect_with_own_token, workspace_id=us["team_id"], name=str(us.get("team") or ""), now=clock.now()
    )
    return _on_real_time(settings, knowledge, database, client, clock)


def _on_real_time(
    settings: Settings,
    knowledge: Knowledge,
    database: Database,
    client: AsyncWebClient,
    clock: SteadyClock,
    tokens: Tokens | None = None,
) -> Product:
    return Product(
        knowledge,
        Office(knowledge.procedures, clock, settings.timezone, SPREAD),
        database,
        client,
        signing_secret=_signing_secret(settings),
        tokens=tokens,
        instance_id=settings.instance_id,
        real_time=clock,
        history_per_minute=settings.slack_history_per_minute,
        retention=settings.retention,
        pace=Pace(),
        understands_apart=_cores() > 1,
    )


def _cores() -> int:
    """Those that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def _listen(settings: Settings, server: web.Application, product: Product, stack: AsyncExitStack) -> None:
    add_operator_routes(server, product.missing, product.metrics_text)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=_LAST_REQUESTS_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, settings.bind_host, settings.port).start()
    except OSError as wrong:
        raise CannotStart(f"PORT: {settings.bind_host}:{settings.port} cannot be used: {wrong.strerror}") from wrong
