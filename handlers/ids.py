"""The ids by which a button or a modal finds its way back to us."""

from __future__ import annotations

from enum import StrEnum


class ActionId(StrEnum):
    START_CONTRACT = "start_contract"
    FINISH_STEP = "finish_step"
    FINISH_NOW = "finish_now"
    """finishes a step today, without asking for the day"""
    FINISH_WITH_EARLIER = "finish_with_earlier"
    CARD_DECISION = "card_decision"
    REQUEST_REVIEW = "request_review"
    REJECTION = "rejection"
    NOT_YET = "not_yet"
    TOMORROW = "tomorrow"
    UNDERSTOOD = "understood"
    SEND_AGAIN = "send_nudge_again"
    RECEIVED = "nudge_received"
    MUTE_CONTRACT = "mute_contract"
    UNMUTE_CONTRACT = "unmute_contract"
    MUTE_PERSON = "mute_person"
    UNMUTE_PERSON = "unmute_person"
    OPEN_SETTINGS = "open_settings"
    OPEN_DAYS = "open_days"
    REMOVE_DAY = "remove_day"
    SHOW_STATUS = "show_status"
    SHOW_CHECKLIST = "show_checklist"
    OPEN_LINK = "open_link"
    """opens a page in the browser; Slack tells us all the same"""
    OWNER = "assign_owner"
    ASK_A_PERSON = "ask_a_person"
    FEEDBACK = "feedback"
    SHOW_HISTORY = "show_history"
    OPENED = "opened"
    SEND_PICTURE = "send_picture"
    SEND_EXPORT = "send_export"
    SHOW_TOPIC = "show_topic"
    NONE_OF_THESE = "none_of_these"
    CONFIRM_OFFER = "record_report"
    """does what was offered: records, takes back, reminds, puts in charge"""
    DISMISS = "dismiss"
    MORE = "more"
    CHECK = "check"
    """a checklist's box; the two below are its buttons of before, in windows that are still open"""
    TICK = "tick"
    UNTICK = "untick"
    ISSUED_ON = "issued_on"
    BUSINESS_KIND = "business_kind"
    HOME_LOOK = "home_look"
    """shows other contracts on App Home: its value is the look"""
    HOME_STEP = "home_step"
    FIND_MERCHANT = "find_merchant"
    LOOK_INTO = "write_to"
    """how a contract stands, and a message ready to send, which gave it the name that open views still say"""
    ANSWER_AGAIN = "answer_again"
    SHARE_ANSWER = "share_answer"
    """posts an answer that one person got into the thread of the message that it is about"""


class MoreOption(StrEnum):
    """What stands in a contract's overflow menu."""

    TAKE_BACK = "take_back"
    OWNER = "owner"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    POST_STATUS = "post_status"


class ShortcutId(StrEnum):
    """The callback ids of the manifest's shortcuts."""

    ANSWER_MESSAGE = "answer_message"
    START_CONTRACT = "start_contract"


class ViewId(StrEnum):
    START = "start_contract"
    FINISH = "finish_step"
    TAKE_BACK = "take_back"
    CARD_DECISION = "card_decision"
    REJECTION = "rejection"
    REQUEST_REVIEW = "request_review"
    OWNER = "assign_owner"
    PAUSE = "pause_contract"
    RESUME = "resume_contract"
    CLOSE = "close_contract"
    SETTINGS = "settings"
    DAYS = "days"
    FIND_MERCHANT = "find_merchant"
