"""What Slack says to our tokens, before anybody relies on them: for `app.py check`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from bot.settings import Settings
from handlers.clients import SlackClient, slack_client
from handlers.nudges.courier import date_of
from handlers.slack_errors import BROKEN_LINE, Family, family_of, is_slacks, reason_of

_MOST_APART = timedelta(seconds=60)
"""From five minutes on requests are refused as forged; reminders are held from one minute on."""


async def wrong_with_slack(settings: Settings, scopes: Sequence[str], now: datetime) -> AsyncIterator[str]:
    """One line for each thing that is wrong. `scopes` are those that the app has to be given; asks Slack."""
    bot, app = settings.slack_bot_token, settings.slack_app_token
    if bot is None and settings.slack_client_id is None:
        return
    try:
        async for line in _wrong_with_bot(slack_client(_told(bot), settings.slack_api_url), scopes, now):
            yield line
        if app is not None:
            async for line in _wrong_with_app_token(slack_client(None, settings.slack_api_url), app):
                yield line
    except _NotSlack as other:
        yield f"SLACK_API_URL: what answers there is not Slack: {other}"
    except BROKEN_LINE as broken:
        yield f"SLACK_API_URL: Slack cannot be reached: {type(broken).__name__}"


class _NotSlack(Exception):
    """The message has what it answered with."""


async def _wrong_with_bot(client: SlackClient, scopes: Sequence[str], now: datetime) -> AsyncIterator[str]:
    """With no token, as for many workspaces, Slack is only asked for its time."""
    try:
        answer = await (client.auth_test() if client.token else client.api_test())
    except SlackApiError as refused:
        _raise_if_not_slack(refused)
        yield f"SLACK_BOT_TOKEN: Slack does not accept it: {reason_of(refused)}"
        headers: Mapping[str, str] = refused.response.headers
    else:
        headers = answer.headers
        given = _scopes(headers)
        missing = [scope for scope in scopes if scope not in given] if given else []
        if missing:
            yield f"SLACK_BOT_TOKEN: has not been given {', '.join(missing)}: install the app again with this manifest"
    for line in _wrong_clock(headers, now):
        yield line


async def _wrong_with_app_token(client: SlackClient, token: SecretStr) -> AsyncIterator[str]:
    try:
        await client.apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as refused:
        _raise_if_not_slack(refused)
        hint = " (it needs connections:write)" if family_of(refused) is Family.NO_SCOPE else ""
        yield f"SLACK_APP_TOKEN: opens no connection: {reason_of(refused)}{hint}"


def _raise_if_not_slack(refused: SlackApiError) -> None:
    if not is_slacks(refused):
        raise _NotSlack(reason_of(refused)) from refused


def _told(token: SecretStr | None) -> str | None:
    return token.get_secret_value() if token else None


def _scopes(headers: Mapping[str, str]) -> set[str]:
    """Empty where Slack does not tell them."""
    told = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes", "")
    return {scope.strip() for scope in told.split(",") if scope.strip()}


def _wrong_clock(headers: Mapping[str, str], now: datetime) -> Iterator[str]:
    at_slack = date_of(headers)
    if at_slack is None or abs(now - at_slack) <= _MOST_APART:
        return
    seconds = round(abs(now - at_slack).total_seconds())
    side = "ahead of" if now > at_slack else "behind"
    yield f"clock: this machine is {seconds} s {side} Slack: set it by NTP, or requests are refused as forged"
