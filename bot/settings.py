"""The environment, read once. A setting that is missing or makes no sense stops the start with one clear line."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError, field_validator

from bot.procedure.load import OWN_PROCEDURES
from bot.workspaces.retention import Retention

DEFAULT_DATABASE = "sqlite:///contract-guide.db"
_SQLITE = "sqlite:///"
_PYDANTICS = "Value error, "
"""before what our own validators say"""
MAKE_A_KEY = (
    "python3 -m uv run python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
)


class CannotStart(Exception):
    """The message is the one line that the operator reads."""


class BadSettings(Exception):
    """The message names the variable and what to do about it."""


class Mode(StrEnum):
    LOCAL = "local"
    """a Slack workspace on this machine, with the assistant in it"""
    SOCKET = "socket"
    HTTP = "http"
    OAUTH = "oauth"
    """HTTP for every workspace that installs the app"""


class LanguageModel(Struct, frozen=True):
    """A model behind a server that speaks OpenAI's chat completions; `base_url` None is OpenAI's own."""

    name: str
    base_url: str | None
    api_key: SecretStr | None


class Settings(BaseModel):
    """Field names are those of the environment variables, in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    token_keys: tuple[SecretStr, ...] = ()
    """Fernet keys for the workspaces' tokens: the first encrypts, all decrypt"""
    keep_questions_days: Annotated[int, Field(ge=1)] = 90
    keep_after_uninstall_days: Annotated[int, Field(ge=0)] = 30
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = DEFAULT_DATABASE
    host: str = ""
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    timezone: str = "Asia/Seoul"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    procedures_dir: Path = OWN_PROCEDURES
    instance_id: Annotated[str, Field(max_length=100)] = "default"
    """which installation this is: a copy of its database under another name posts nothing"""
    slack_history_per_minute: Annotated[int, Field(ge=1, le=1000)] = 50
    """1 for an app that is distributed outside Slack's Marketplace"""
    answer_model: str | None = None
    openai_api_key: SecretStr | None = None
    openai_base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+")] | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Raises BadSettings."""
        given = {name: environment.get(name.upper(), "").strip() for name in cls.model_fields}
        known = {name: value for name, value in given.items() if value}
        try:
            settings = cls.model_validate(known)
        except ValidationError as wrong:
            first = wrong.errors()[0]
            raise BadSettings(f"{str(first['loc'][0]).upper()}: {first['msg'].removeprefix(_PYDANTICS)}") from None
        settings.mode  # noqa: B018  (a half-set combination is refused now, not later)
        settings.language_model  # noqa: B018
        return settings

    @property
    def mode(self) -> Mode:
        """Raises BadSettings for a combination of tokens that cannot work."""
        if self.slack_client_id or self.slack_client_secret:
            self._check_oauth()
            return Mode.OAUTH
        if self.slack_bot_token is None:
            for name, value in (
                ("SLACK_APP_TOKEN", self.slack_app_token),
                ("SLACK_SIGNING_SECRET", self.slack_signing_secret),
            ):
                if value is not None:
                    raise BadSettings(f"SLACK_BOT_TOKEN: is missing, while {name} is set")
            return Mode.LOCAL
        if self.slack_app_token is not None:
            return Mode.SOCKET
        if self.slack_signing_secret is not None:
            return Mode.HTTP
        raise BadSettings(
            "SLACK_BOT_TOKEN: is set alone; add SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
        )

    @property
    def retention(self) -> Retention:
        return Retention(
            questions=timedelta(days=self.keep_questions_days),
            after_uninstall=timedelta(days=self.keep_after_uninstall_days),
        )

    def _check_oauth(self) -> None:
        """Raises BadSettings."""
        if self.slack_bot_token or self.slack_app_token:
            raise BadSettings(
                "SLACK_CLIENT_ID: serves many workspaces, each with a token of its own; "
                "take SLACK_BOT_TOKEN and SLACK_APP_TOKEN away, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"
            )
        for name in ("slack_client_id", "slack_client_secret", "slack_signing_secret"):
            if getattr(self, name) is None:
                raise BadSettings(
                    f"{name.upper()}: is missing; many workspaces need SLACK_CLIENT_ID, SLACK_CLIENT_SECRET "
                    "and SLACK_SIGNING_SECRET"
                )
        if not self.token_keys:
            raise BadSettings(f"TOKEN_KEYS: is missing, the key that encrypts the tokens; make one: {MAKE_A_KEY}")

    @property
    def language_model(self) -> LanguageModel | None:
        """The model that words answers; None when there is none. Raises BadSettings for one that cannot be asked."""
        if self.answer_model is None:
            return None
        provider, _, name = self.answer_model.partition(":")
        if provider != "openai" or not name:
            raise BadSettings(
                "ANSWER_MODEL: must be openai:NAME, with the name of a model at OpenAI or at your OPENAI_BASE_URL"
            )
        if self.openai_api_key is None and self.openai_base_url is None:
            raise BadSettings(
                "OPENAI_API_KEY: is missing, while ANSWER_MODEL is set; "
                "for a server of your own set OPENAI_BASE_URL instead, for example http://127.0.0.1:11434/v1"
            )
        return LanguageModel(name, self.openai_base_url, self.openai_api_key)

    @property
    def bind_host(self) -> str:
        """Where to listen: everywhere for Slack's requests, on this machine only otherwise."""
        return self.host or ("0.0.0.0" if self.mode in {Mode.HTTP, Mode.OAUTH} else "127.0.0.1")

    @property
    def sqlite_file(self) -> Path | None:
        """The database when it is a file."""
        # Not SQLAlchemy's own parser: to import it takes longer than to answer a question.
        if not self.database_url.startswith(_SQLITE):
            return None
        name = self.database_url.removeprefix(_SQLITE).partition("?")[0]
        return Path(name) if name and name != ":memory:" else None

    @property
    def log_level_number(self) -> int:
        return logging.getLevelNamesMapping()[self.log_level]

    @field_validator("slack_bot_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _with_prefix(value, "xoxb-", "a bot token")

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _with_prefix(value, "xapp-", "an app-level token")

    @field_validator("token_keys", mode="before")
    @classmethod
    def _are_keys(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        from storage.vault import is_key  # only where there are keys: it loads the cryptography

        keys = tuple(part.strip() for part in value.split(",") if part.strip())
        if not all(is_key(key) for key in keys):
            # The message must not show what was given: it may be a key with one letter missing.
            raise ValueError(f"must be keys with commas between them; make one: {MAKE_A_KEY}")
        return keys

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"{value!r} is no time zone; for example Asia/Seoul") from unknown
        return value


def _with_prefix(value: SecretStr | None, prefix: str, kind: str) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(prefix):
        raise ValueError(f"must be {kind} (it starts with {prefix})")
    return value
