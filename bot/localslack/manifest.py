"""The app's manifest.yml: the only source of this workspace's scopes, events, commands and shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.localslack.json_types import Json
from bot.localslack.manifest_rules import check_manifest, granted_scopes, section


class ManifestError(Exception):
    """The manifest cannot be installed. `problems` are Korean sentences, each with its place."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__(f"{path.name}\n" + "\n".join(f"- {problem}" for problem in problems))
        self.problems = problems


class SlashCommand(Struct, frozen=True):
    command: str
    description: str
    usage_hint: str
    should_escape: bool


class Shortcut(Struct, frozen=True):
    name: str
    type: str
    callback_id: str
    description: str


class Manifest(Struct, frozen=True):
    """A checked manifest. `text` is the file as it was written, for copying to Slack."""

    name: str
    description: str
    bot_name: str
    scopes: tuple[str, ...]
    bot_events: frozenset[str]
    commands: tuple[SlashCommand, ...]
    shortcuts: tuple[Shortcut, ...]
    prompts: tuple[Json, ...]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    is_agent: bool
    interactive: bool
    text: str

    def command(self, name: str) -> SlashCommand | None:
        return next((command for command in self.commands if command.command == name), None)

    def shortcut(self, callback_id: str) -> Shortcut | None:
        return next((shortcut for shortcut in self.shortcuts if shortcut.callback_id == callback_id), None)


class NoYaml(Exception):
    """The message says where."""


def parse_yaml(text: str) -> Json:
    """Raises NoYaml."""
    import yaml  # whoever has kept what the file holds does without

    try:
        content: Json = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise NoYaml(str(error)) from error
    return content


def load_manifest(path: Path, parse: Callable[[str], Json] = parse_yaml) -> Manifest:
    """Reads and checks a manifest file. `parse` gives what its text holds, and raises what `parse_yaml` does.

    Raises:
        ManifestError: it is no YAML mapping, or Slack would refuse it.
    """
    text = path.read_text(encoding="utf-8")
    try:
        content = parse(text)
    except NoYaml as error:
        raise ManifestError(path, [f"YAML로 읽을 수 없습니다: {error}"]) from error
    problems = check_manifest(content)
    if problems:
        raise ManifestError(path, problems)
    return _manifest(content, text)


def _manifest(content: Json, text: str) -> Manifest:
    features: Any = content.get("features", {})
    home: Any = features.get("app_home", {})
    agent: Any = features.get("agent_view") or features.get("assistant_view") or {}
    return Manifest(
        name=content["display_information"]["name"],
        description=content["display_information"].get("description", ""),
        bot_name=features.get("bot_user", {}).get("display_name", "bot"),
        scopes=granted_scopes(content),
        bot_events=frozenset(section(content, "settings", "event_subscriptions", "bot_events") or ()),
        commands=tuple(
            SlashCommand(
                command=each["command"],
                description=each["description"],
                usage_hint=each.get("usage_hint", ""),
                should_escape=each.get("should_escape", False),
            )
            for each in features.get("slash_commands", ())
        ),
        shortcuts=tuple(Shortcut(**each) for each in features.get("shortcuts", ())),
        prompts=tuple(agent.get("suggested_prompts", ())),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", True),
        messages_read_only=home.get("messages_tab_read_only_enabled", False),
        is_agent="agent_view" in features or "assistant_view" in features,
        interactive=section(content, "settings", "interactivity", "is_enabled") is True,
        text=text,
    )
