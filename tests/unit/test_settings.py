from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from pydantic import SecretStr

from bot.settings import MAKE_A_KEY, BadSettings, LanguageModel, Mode, Settings

KEY = "h3ryUBrpKkM641KJBC_NaJnUDPlaXRjL4o-8TCnYFHc="
OTHER_KEY = "Zm9yIHRlc3RzIG9ubHksIG5vdCBhIHJlYWwga2V5ISE="
BOT, APP = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}
MODEL_KEY = {"OPENAI_API_KEY": "sk-1"}
SECRET = {"SLACK_SIGNING_SECRET": "s3cret"}
CLIENT = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c1ient"}
KEYS = {"TOKEN_KEYS": f"{KEY}, {OTHER_KEY}"}


@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        ({}, Mode.LOCAL),
        ({"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": " "}, Mode.LOCAL),
        (BOT | APP, Mode.SOCKET),
        (BOT | SECRET, Mode.HTTP),
        (BOT | APP | SECRET, Mode.SOCKET),
        (CLIENT | SECRET | KEYS, Mode.OAUTH),
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
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET: is missing"),
        (CLIENT | KEYS, "SLACK_SIGNING_SECRET: is missing"),
        (CLIENT | SECRET, "TOKEN_KEYS: is missing.*make one: python3 "),
        (CLIENT | SECRET | KEYS | BOT, "SLACK_CLIENT_ID: serves many workspaces.*take SLACK_BOT_TOKEN"),
        (CLIENT | SECRET | {"TOKEN_KEYS": f"{KEY}, short"}, "TOKEN_KEYS: .*must be keys"),
        ({"KEEP_QUESTIONS_DAYS": "0"}, "KEEP_QUESTIONS_DAYS: "),
        ({"KEEP_AFTER_UNINSTALL_DAYS": "-1"}, "KEEP_AFTER_UNINSTALL_DAYS: "),
        ({"PORT": "http"}, "PORT: .*valid integer"),
        ({"PORT": "99999"}, "PORT: "),
        ({"TIMEZONE": "Seoul"}, "TIMEZONE: .*no time zone"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL: "),
        ({"ANSWER_MODEL": "gpt"} | MODEL_KEY, "ANSWER_MODEL: must be openai:NAME"),
        ({"ANSWER_MODEL": "openai:"} | MODEL_KEY, "ANSWER_MODEL: must be openai:NAME"),
        ({"ANSWER_MODEL": "other:model"} | MODEL_KEY, "ANSWER_MODEL: must be openai:NAME"),
        ({"ANSWER_MODEL": "openai:gpt"}, "OPENAI_API_KEY: is missing, while ANSWER_MODEL is set"),
        ({"ANSWER_MODEL": "openai:gpt", "OPENAI_BASE_URL": "localhost:11434"}, "OPENAI_BASE_URL: "),
    ],
)
def test_what_cannot_work_is_said_in_one_line(environment: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings, match=said) as wrong:
        Settings.read(environment)

    assert "\n" not in str(wrong.value)


def test_the_command_that_makes_a_key_makes_one_that_is_accepted() -> None:
    _, program = MAKE_A_KEY.split(" python ")
    made = subprocess.run(
        [sys.executable, *shlex.split(program)], capture_output=True, text=True, check=True
    ).stdout.strip()

    assert Settings.read(CLIENT | SECRET | {"TOKEN_KEYS": made}).mode is Mode.OAUTH


def test_secrets_do_not_show() -> None:
    settings = (Settings.read(BOT | APP | SECRET | MODEL_KEY), Settings.read(CLIENT | SECRET | KEYS))
    secrets = ("xoxb-1", "xapp-1", "s3cret", "c1ient", "sk-1", KEY, OTHER_KEY)

    assert not any(secret in repr(settings) for secret in secrets)


def test_there_is_no_language_model_unless_it_is_named() -> None:
    assert Settings.read(MODEL_KEY).language_model is None

    hosted = Settings.read(MODEL_KEY | {"ANSWER_MODEL": "openai:gpt-mini"}).language_model
    own = Settings.read({"ANSWER_MODEL": "openai:qwen:8b", "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"})

    assert hosted == LanguageModel("gpt-mini", None, SecretStr("sk-1"))
    assert own.language_model == LanguageModel("qwen:8b", "http://127.0.0.1:11434/v1", None)


def test_a_key_with_a_letter_missing_does_not_show() -> None:
    with pytest.raises(BadSettings) as wrong:
        Settings.read(CLIENT | SECRET | {"TOKEN_KEYS": KEY[:-2]})

    assert KEY[:-2] not in str(wrong.value)


def test_without_slack_it_listens_on_this_machine_only() -> None:
    assert Settings.read({}).bind_host == "127.0.0.1"
    assert Settings.read(BOT | SECRET).bind_host == "0.0.0.0"
    assert Settings.read(CLIENT | SECRET | KEYS).bind_host == "0.0.0.0"
    assert Settings.read(BOT | SECRET | {"HOST": "127.0.0.1"}).bind_host == "127.0.0.1"
