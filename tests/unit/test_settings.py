from __future__ import annotations

import pytest

from bot.settings import BadSettings, Mode, Settings

BOT, APP = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}
SECRET = {"SLACK_SIGNING_SECRET": "s3cret"}


@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        ({}, Mode.LOCAL),
        ({"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": " "}, Mode.LOCAL),
        (BOT | APP, Mode.SOCKET),
        (BOT | SECRET, Mode.HTTP),
        (BOT | APP | SECRET, Mode.SOCKET),
    ],
)
def test_the_tokens_decide_how_it_runs(environment: dict[str, str], mode: Mode) -> None:
    assert Settings.read(environment).mode is mode


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (BOT, "SLACK_BOT_TOKEN: is set alone; add SLACK_APP_TOKEN"),
        (APP, "SLACK_BOT_TOKEN: is missing, while SLACK_APP_TOKEN is set"),
        (SECRET, "SLACK_BOT_TOKEN: is missing, while SLACK_SIGNING_SECRET is set"),
        ({"SLACK_BOT_TOKEN": "xapp-1"} | APP, "SLACK_BOT_TOKEN: .*must be a bot token"),
        (BOT | {"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN: .*must be an app-level token"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_ID: this version serves one workspace"),
        ({"PORT": "http"}, "PORT: .*valid integer"),
        ({"PORT": "99999"}, "PORT: "),
        ({"TIMEZONE": "Seoul"}, "TIMEZONE: .*no time zone"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL: "),
    ],
)
def test_what_cannot_work_is_said_in_one_line(environment: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings, match=said) as wrong:
        Settings.read(environment)

    assert "\n" not in str(wrong.value)


def test_secrets_do_not_show(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings.read(BOT | APP | SECRET)

    assert not any(secret in repr(settings) for secret in ("xoxb-1", "xapp-1", "s3cret"))


def test_without_slack_it_listens_on_this_machine_only() -> None:
    assert Settings.read({}).bind_host == "127.0.0.1"
    assert Settings.read(BOT | SECRET).bind_host == "0.0.0.0"
    assert Settings.read(BOT | SECRET | {"HOST": "127.0.0.1"}).bind_host == "127.0.0.1"
