"""What Slack says to our tokens, before anybody relies on them: for `app.py check`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.settings import Settings
from handlers.clients import slack_client
from handlers.nudges.courier import date_of
from handlers.slack_errors import BROKEN_LINE, word_of

_MOST_APART = timedelta(seconds=60)
"""From five minutes on requests are refused as forged; reminders are held from one minute on."""


async def wrong_with_slack(settings: Settings, scopes: Sequence[str], now: datetime) -> AsyncIterator[str]:
    """One line for each thing that is wrong. `scopes` are those that the app has to be given; asks Slack."""
    bot, app = settings.slack_bot_token, settings.slack_app_token
    if bot is None and settings.slack_client_id is None:
        return
    client = slack_client(bot.get_secret_value() if bot else None, settings.slack_api_url)
    try:
        answer = await (client.auth_test() if bot is not None else client.api_test())
    except SlackApiError as refused:
        answer = refused.response
        if bot is not None:
            yield f"SLACK_BOT_TOKEN: Slack does not accept it: {answer.get('error')}"
    except BROKEN_LINE as broken:
        yield f"SLACK_API_URL: Slack cannot be reached: {type(broken).__name__}"
        return
    if answer.get("ok") and answer.get("team_id"):
        given = _scopes(answer)
        missing = [scope for scope in scopes if scope not in given] if given else []
        if missing:
            yield f"SLACK_BOT_TOKEN: has not been given {', '.join(missing)}: install the app again with this manifest"
    for line in _wrong_clock(answer, now):
        yield line
    if app is not None:
        try:
            await slack_client(None, settings.slack_api_url).apps_connections_open(app_token=app.get_secret_value())
        except SlackApiError as refused:
            yield f"SLACK_APP_TOKEN: opens no connection: {word_of(refused)} (it needs connections:write)"


def _scopes(answer: AsyncSlackResponse) -> set[str]:
    """Empty where Slack does not tell them."""
    told = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", "")
    return {scope.strip() for scope in told.split(",") if scope.strip()}


def _wrong_clock(answer: AsyncSlackResponse, now: datetime) -> list[str]:
    at_slack = date_of(answer.headers)
    if at_slack is None or abs(now - at_slack) <= _MOST_APART:
        return []
    seconds = round(abs(now - at_slack).total_seconds())
    side = "ahead of" if now > at_slack else "behind"
    return [f"clock: this machine is {seconds} s {side} Slack: set it by NTP, or requests are refused as forged"]
