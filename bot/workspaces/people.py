"""What people are in a Slack workspace, and what each may do with its contracts."""

from __future__ import annotations

from enum import StrEnum

from bot.contracts.refusals import Refused


class Standing(StrEnum):
    OUTSIDER = "outsider"
    """of another company that shares a channel, of another workspace, or not there any more"""
    GUEST = "guest"
    MEMBER = "member"
    ADMIN = "admin"


class IsOutsider(Refused):
    """Nothing of this workspace is for somebody who does not belong to it."""

    key = "is_outsider"


class GuestsOnlyLook(Refused):
    """A guest sees the contracts of the channels that they are in, and changes none."""

    key = "guests_only_look"


class NotInChannel(Refused):
    """Only who is in the contract's channel, now, may change it."""

    key = "not_in_channel"
