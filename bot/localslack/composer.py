"""What a person typed, as Slack stores it: escaped text with tokens, and the rich_text block beside it."""

from __future__ import annotations

import re

from bot.localslack.ids import short_id
from bot.localslack.json_types import Json

_TOKEN = re.compile(
    r"<@(?P<user>U[A-Z0-9]+)>"
    r"|<#(?P<channel>[CG][A-Z0-9]+)>"
    r"|<!(?P<broadcast>here|channel|everyone)>"
    r"|(?P<url>https?://[^\s<>]+)"
)


def escape(text: str) -> str:
    """The three characters that Slack escapes in text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def compose(typed: str) -> tuple[str, list[Json]]:
    """The message's `text` and `blocks` for what a person typed. `<@U…>`, `<#C…>` and `<!here>` are mentions."""
    text, elements, position = "", list[Json](), 0
    for token in _TOKEN.finditer(typed):
        text += _plain(typed[position : token.start()], elements)
        text += _special(token, elements)
        position = token.end()
    text += _plain(typed[position:], elements)
    section = {"type": "rich_text_section", "elements": elements}
    return text, [{"type": "rich_text", "block_id": short_id(), "elements": [section]}]


def _plain(part: str, elements: list[Json]) -> str:
    if part:
        elements.append({"type": "text", "text": part})
    return escape(part)


def _special(token: re.Match[str], elements: list[Json]) -> str:
    if user := token["user"]:
        elements.append({"type": "user", "user_id": user})
        return f"<@{user}>"
    if channel := token["channel"]:
        elements.append({"type": "channel", "channel_id": channel})
        return f"<#{channel}>"
    if broadcast := token["broadcast"]:
        elements.append({"type": "broadcast", "range": broadcast})
        return f"<!{broadcast}>"
    elements.append({"type": "link", "url": token["url"]})
    return f"<{escape(token['url'])}>"


def command_text(typed: str, names: dict[str, str], should_escape: bool) -> str:
    """The `text` of a slash command: `<@U1|name>` and `<https://…>` when the manifest asks for escaping."""

    def mention(token: re.Match[str]) -> str:
        if token["url"]:
            return f"<{token['url']}>" if should_escape else token["url"]
        reference = token["user"] or token["channel"]
        if reference is None:
            return token[0]
        name, sigil = names.get(reference, reference), "@" if token["user"] else "#"
        return f"<{sigil}{reference}|{name}>" if should_escape else f"{sigil}{name}"

    return _TOKEN.sub(mention, typed.strip())
