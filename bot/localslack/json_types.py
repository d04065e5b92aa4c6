"""The one name for a JSON object, as Slack sends and takes them."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
