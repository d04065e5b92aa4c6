"""Keeps other web pages out of /ui: they must not drive or read the workspace through a person's browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})

# The page is ours alone: nothing from elsewhere is loaded into it, and nobody frames it.
_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(host: str) -> bool:
    return host in _LOOPBACK


def refusal(request: web.Request) -> str | None:
    """Why a request may not come in: a foreign Host (DNS rebinding), a foreign Origin (cross-site), a wrong body."""
    host = urlsplit(f"//{request.headers.get('Host', '')}")
    if host.hostname is None or not is_loopback(host.hostname):
        return "foreign_host"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.headers['Host']}":
        return "foreign_origin"
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "cross_site"
    if request.method == "POST":
        if request.content_type != "application/json":
            return "wrong_content_type"
    elif request.method not in ("GET", "HEAD"):
        return "wrong_method"
    return None


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Guards the page and its API; /api, /link, /response and /upload have tokens of their own."""
    guarded = request.path == "/" or request.path.startswith(("/ui/", "/static/", "/archives/", "/files/"))
    if not guarded:
        return await handler(request)
    if (code := refusal(request)) is not None:
        return web.json_response({"ok": False, "error": code, "message": "이 요청은 받지 않습니다."}, status=403)
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_PAGE_HEADERS)
    return response
