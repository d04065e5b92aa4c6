"""A Slack workspace on this machine: Web API, Socket Mode and a page. It knows Slack, and nothing of contracts."""

from bot.localslack.clock import FrozenClock, WorkspaceClock
from bot.localslack.handles import ChannelHandle, MessageHandle, ViewHandle
from bot.localslack.manifest import ManifestError, load_manifest
from bot.localslack.model import Refused
from bot.localslack.person import CommandOutcome, Person, Unheard
from bot.localslack.server import LocalSlack, WaitTimeout
from bot.localslack.store import StoreError
from bot.localslack.time_travel import Due, Journey
from bot.localslack.timing import Timing

__all__ = [
    "ChannelHandle",
    "CommandOutcome",
    "Due",
    "FrozenClock",
    "Journey",
    "LocalSlack",
    "ManifestError",
    "MessageHandle",
    "Person",
    "Refused",
    "StoreError",
    "Timing",
    "Unheard",
    "ViewHandle",
    "WaitTimeout",
    "WorkspaceClock",
    "load_manifest",
]
