"""One table knows Slack's error words: each has one meaning, and nobody else goes by them."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.texts.catalogue import Catalogues
from handlers.slack_errors import (
    TABLE,
    Family,
    asked_to_wait,
    comes_back,
    family_named,
    family_of,
    reason_of,
    retry_after,
)

HANDLERS = Path(__file__).parents[3] / "handlers"
SAYS_IT_ITSELF = {
    ("pacing.py", "ratelimited"),  # what Slack would have said
    ("routes.py", "access_denied"),  # a word of OAuth's redirect, not of the Web API
}


def refused(status_code: int = 200, error: str = "", **headers: str) -> SlackApiError:
    return answered({"ok": False, "error": error} if error else {}, status_code, **headers)


def answered(data: Any, status_code: int = 200, **headers: str) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers=headers, status_code=status_code
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]


def test_each_word_has_one_meaning() -> None:
    words = [word for row in TABLE.values() for word in row.errors]
    meanings = Counter(word for row in TABLE.values() for word in words if row.covers(word))

    assert [word for word, times in meanings.items() if times > 1] == []
    assert set(TABLE) == set(Family)


def test_no_word_stands_anywhere_else() -> None:
    words = {word for row in TABLE.values() for word in row.errors if "_" in word or word == "ratelimited"}
    found: set[tuple[str, Any]] = set()
    for path in HANDLERS.rglob("*.py"):
        if path.name != "slack_errors.py":
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            found |= {(path.name, one.value) for one in nodes if isinstance(one, ast.Constant) and one.value in words}

    assert found == SAYS_IT_ITSELF


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_people_are_told_is_in_both_catalogues(texts: Catalogues, language: str) -> None:
    say = texts.speaker(language)

    assert all(say(row.sentence) for row in TABLE.values() if row.sentence)


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (refused(error="hash_conflict"), Family.VIEW_CHANGED),
        (refused(error="restricted_action_read_only_channel"), Family.CHANNEL_CLOSED),
        (refused(error="an_error_of_next_year"), Family.UNKNOWN),
        (refused(), Family.UNKNOWN),
        (refused(429), Family.TOO_FAST),
        (refused(503, "channel_not_found"), Family.BROKEN_OFF),
        (answered("Not found", 404), Family.UNKNOWN),
        (answered("Bad gateway", 502), Family.BROKEN_OFF),
        (SlackApiError("no JSON", SimpleNamespace(status=502, headers={})), Family.BROKEN_OFF),  # type: ignore[no-untyped-call]
    ],
)
def test_an_error_belongs_to_a_family(error: SlackApiError, family: Family) -> None:
    assert family_of(error) is family


def test_words_that_the_database_keeps_are_known_again() -> None:
    assert family_named("is_archived") is Family.CHANNEL_CLOSED
    assert family_named("unverified") is Family.UNKNOWN


def test_what_a_log_says_of_it() -> None:
    assert reason_of(refused(error="is_archived")) == "is_archived"
    assert reason_of(answered("Bad gateway", 502)) == reason_of(refused(502)) == "HTTP 502"


def test_how_long_slack_wants_us_to_wait() -> None:
    hours = refused(429, "ratelimited", **{"Retry-After": "7200"})

    assert asked_to_wait(hours) == timedelta(hours=2)
    assert retry_after(hours) == timedelta(minutes=10), "within reason"
    assert asked_to_wait(refused(429, **{"retry-after": "soon"})) is None
    assert comes_back(refused(error="internal_error")) == timedelta(seconds=10)
    assert comes_back(refused(error="is_archived")) is None
