"""The pages that the one who installs the app sees: plain HTML, made from the catalogues, escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.texts.catalogue import Speaker

_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color:#1d1c1d}"
    "a.go{display:inline-block;padding:.7rem 1.2rem;background:#1f4d45;color:#fff;border-radius:.4rem;"
    "text-decoration:none}li{margin:.3rem 0}code{color:#5a5a5a}"
)


def install_page(say: Speaker, *, authorize_url: str, scopes: Sequence[str], keep_days: int) -> str:
    """What the app does, which permissions it asks for and why, and the way to Slack."""
    permissions = "".join(f"<li>{escape(_why(scope, say))} <code>{escape(scope)}</code></li>" for scope in scopes)
    return _page(
        say,
        say("install.title"),
        _paragraph(say("install.intro")),
        _link(authorize_url, say("install.button")),
        f"<h2>{escape(say('install.permissions'))}</h2><ul>{permissions}</ul>",
        f"<h2>{escape(say('install.data'))}</h2>",
        _paragraph(say("install.stored")),
        _paragraph(say("install.erased", days=keep_days)),
    )


def installed_page(say: Speaker, *, name: str, open_url: str | None, missing: Sequence[str]) -> str:
    """`missing` are scopes that we asked for and did not get."""
    parts = [_paragraph(say("install.done", name=name)), _paragraph(say("install.next"))]
    if missing:
        parts.insert(1, _paragraph(say("install.missing", scopes=", ".join(missing))))
    if open_url is not None:
        parts.append(_link(open_url, say("install.open")))
    return _page(say, say("install.done_title"), *parts)


def not_installed_page(say: Speaker, why: str, *, install_url: str) -> str:
    """`why` is a whole sentence."""
    return _page(say, say("install.failed_title"), _paragraph(why), _link(install_url, say("install.again")))


def _why(scope: str, say: Speaker) -> str:
    key = f"install.scope.{scope.replace(':', '_')}"
    return say(key) if key in say else ""


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _link(url: str, label: str) -> str:
    return f'<p><a class="go" href="{escape(url)}">{escape(label)}</a></p>'


def _page(say: Speaker, title: str, *parts: str) -> str:
    return (
        f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{''.join(parts)}</body></html>"
    )
