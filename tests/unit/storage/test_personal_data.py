"""Every column of every table is either named in the README's list of what is stored of people, or holds nothing of
them: whoever adds one decides which."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import JSON, String
from sqlmodel import AutoString, SQLModel

import storage.tables  # noqa: F401  (fills the metadata)

README = Path(__file__).parents[3] / "README.md"

OF_PEOPLE = {
    "Slack ids": {
        "contract": {"owner_id", "created_by"},
        "progress": {"done_by"},
        "card_review": {"recorded_by"},
        "checklist_tick": {"ticked_by"},
        "history": {"actor", "details"},
        "nudge": {"answered_by"},
        "manager": {"user_id", "added_by"},
        "muted_person": {"user_id"},
        "special_day": {"entered_by"},
    },
    "contact mail address": {"contract": {"contact_email", "merchant", "site_url"}},
    "what people ask the assistant": {
        "question": {"user_id", "text", "offers", "handed_over_by"},
        "suggestion": {"user_id", "verdict", "shown", "chosen"},
    },
    "reasons and notes": {"card_review": {"reason"}, "history": {"details"}, "special_day": {"note"}},
    "not handled yet": {"inbox": {"payload", "done"}},
    "ids of handled events": {"inbox": {"event_id", "message_key"}},
    "token, encrypted": {"installation": {"token", "refresh_token"}},
}
"""By the words of the list's row."""

IDS = {"id", "workspace_id", "contract_id", "question_id", "article_id", "channel_id", "enterprise_id", "change_id"}
OF_NOBODY = {
    "article": None,
    "article_import": None,
    "article_section": None,
    "instance": None,
    "oauth_state": None,
    "delivery_pause": {"until", "reason"},
    "workspace": {
        *("name", "created_at", "installed_at", "uninstalled_at"),
        *("zone", "opens", "closes", "nudge_at", "language", "help_channel_id"),
    },
    "installation": {"bot_user_id", "bot_id", "scopes", "expires_at", "refreshing_until", "installed_at"},
    "manager": {"added_at"},
    "muted_person": {"muted_at"},
    "special_day": {"day", "is_off", "entered_at"},
    "contract": {
        *("procedure_id", "payment_methods", "language", "zone", "status", "started_on", "created_at"),
        *("status_message_ts", "status_digest", "nudges_muted", "business_kind", "opened_on"),
        *("waits_at", "waits_since", "waits_for_team"),
    },
    "progress": {"step_id", "status", "entry", "active_on", "done_on", "recorded_at"},
    "card_review": {"card_id", "status", "requested_on", "decided_on", "recorded_at"},
    "checklist_tick": {"item_id", "ticked_at", "issued_on"},
    "history": {"at", "kind", "step_id", "card_id", "day"},
    "nudge": {
        *("dedupe_key", "public_id", "rule_id", "step_id", "entry", "ordinal", "status", "counted_on", "due_at"),
        *("snoozed", "next_at", "expires_at", "claim_token", "attempts", "checks", "posted_from", "message_ts"),
        *("sent_at", "last_error", "closed_reason", "answer", "answered_at"),
    },
    "inbox": {"status", "taken_at", "lease_until", "attempts"},
    "question": {"thread_ts", "asked_at", "outcome", "topic", "offered", "confidence", "handed_over_at", "stopped_at"},
    "suggestion": {"given_at", "about", "status"},
}
"""None: the whole table, which is of no workspace."""


def of_people(table: str) -> set[str]:
    return {column for tables in OF_PEOPLE.values() for column in tables.get(table, ())}


@pytest.mark.parametrize("table", SQLModel.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_is_of_people_or_of_nobody(table: object) -> None:
    name, columns = table.name, {column.name for column in table.columns}  # type: ignore[attr-defined]
    of_nobody = OF_NOBODY[name]
    if of_nobody is None:
        assert not of_people(name)
        assert "workspace_id" not in columns
        return

    assert columns - IDS == of_people(name) | of_nobody
    assert not of_people(name) & of_nobody


def test_what_is_of_people_is_looked_through_when_somebody_is_forgotten() -> None:
    """`app.py forget` looks through texts and JSON of the tables that belong to a workspace."""
    for tables in OF_PEOPLE.values():
        for table, columns in tables.items():
            found = SQLModel.metadata.tables[table].columns
            assert "workspace_id" in found
            assert all(isinstance(found[column].type, (String, AutoString, JSON)) for column in columns)


def test_the_readme_lists_it() -> None:
    section = README.read_text(encoding="utf-8").split("## What is stored of people")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]

    assert [words for words in OF_PEOPLE if not any(words in row for row in rows)] == []
