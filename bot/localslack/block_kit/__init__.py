"""The strict Block Kit checker: refuses what Slack refuses, in Slack's words and in plain Korean."""

from bot.localslack.block_kit.problems import Problem, Problems, slack_messages
from bot.localslack.block_kit.surfaces import (
    HOME,
    MESSAGE,
    MODAL,
    check_blocks,
    check_options,
    check_view,
    elements_of,
    total_text_length,
)

__all__ = [
    "HOME",
    "MESSAGE",
    "MODAL",
    "Problem",
    "Problems",
    "check_blocks",
    "check_options",
    "check_view",
    "elements_of",
    "slack_messages",
    "total_text_length",
]
