"""The manifest is checked as Slack checks it, and each problem says where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.localslack import ManifestError, load_manifest
from tests.unit.localslack.conftest import MANIFEST

PRODUCT = Path(__file__).parents[3] / "manifest.yml"


def test_the_products_manifest_can_be_installed() -> None:
    manifest = load_manifest(PRODUCT)

    assert [command.command for command in manifest.commands] == ["/계약", "/contract"]
    assert manifest.is_agent


Change = Callable[[dict[str, Any]], None]


def _set(*path: str | int, value: Any) -> Change:
    def change(content: dict[str, Any]) -> None:
        place: Any = content
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def _drop(*path: str | int) -> Change:
    def change(content: dict[str, Any]) -> None:
        place: Any = content
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


COMMAND = ("features", "slash_commands", 0)
SCOPES = ("oauth_config", "scopes", "bot")


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (_set("color", value="red"), "manifest", "모르는 필드입니다: `color`"),
        (_set("functions", value={}), "manifest", "`functions`"),
        (_set("display_information", "name", value="가" * 36), "display_information.name", "35자를 넘을 수 없습니다"),
        (
            _set("display_information", "long_description", value="짧음"),
            "display_information.long_description",
            "175자 이상",
        ),
        (_set(*COMMAND, "command", value="계약"), "features.slash_commands.0.command", "/로 시작"),
        (_set(*COMMAND, "command", value="/계약 시작"), "features.slash_commands.0.command", "빈칸"),
        (
            _set(*COMMAND, "command", value="/" + "가" * 32),
            "features.slash_commands.0.command",
            "32자를 넘을 수 없습니다",
        ),
        (_set(*COMMAND, "command", value="/plain"), "features.slash_commands", "/plain 명령이 두 번"),
        (_set(*COMMAND, "hint", value="x"), "features.slash_commands.0", "`hint`"),
        (
            _set("features", "agent_view", "suggested_prompts", value=[{"title": "가", "message": "나"}] * 5),
            "features.agent_view.suggested_prompts",
            "4개까지",
        ),
        (
            _set("features", "agent_view", "agent_description", value="가" * 301),
            "features.agent_view.agent_description",
            "300",
        ),
        (_set(*SCOPES, value=["chat:write"]), "settings.event_subscriptions.bot_events.1", "app_mentions:read"),
        (_drop(*SCOPES, 5), "features.slash_commands", "commands"),
        (_drop(*SCOPES, 1), "features.agent_view", "assistant:write"),
        (_drop("features", "bot_user"), "features", "bot_user"),
        (_set("settings", "socket_mode_enabled", value=False), "features.slash_commands.0", "url"),
        (_set("settings", "socket_mode_enabled", value="yes"), "settings.socket_mode_enabled", "true 또는 false"),
        (
            _set("settings", "event_subscriptions", "bot_events", value=["x" * 51]),
            "settings.event_subscriptions.bot_events.0",
            "50자",
        ),
    ],
)
def test_a_manifest_that_slack_refuses_says_where(tmp_path: Path, change: Change, place: str, words: str) -> None:
    content = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    with pytest.raises(ManifestError) as caught:
        load_manifest(path)

    assert any(problem.startswith(f"{place}: ") and words in problem for problem in caught.value.problems)


@pytest.mark.parametrize("text", ["a: [", "just words", "- a list", ""])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ManifestError):
        load_manifest(path)


def test_optional_scopes_count_as_granted(manifest_with: Callable[..., Path]) -> None:
    path = manifest_with()
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["oauth_config"]["scopes"]["bot_optional"] = ["files:write"]
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    assert "files:write" in load_manifest(path).scopes
