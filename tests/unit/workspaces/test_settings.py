"""What a workspace sets for all of its contracts, and who may."""

from __future__ import annotations

from datetime import date, time

import pytest
from pydantic import ValidationError

from bot.contracts.refusals import NothingToChange
from bot.workspaces.changing import (
    NewDay,
    NewSettings,
    NotAManager,
    Standing,
    change_settings,
    put_day,
    remove_day,
)
from bot.workspaces.settings import WorkspaceSettings, settings_of
from tests.team import JUNHO, MINJI, WORKSPACE, Team

USUAL = {
    "zone": "Asia/Seoul",
    "opens": time(9, 30),
    "closes": time(18),
    "nudge_at": time(9, 30),
    "managers": (MINJI,),
}


def now_set(team: Team, workspace_id: str = WORKSPACE) -> WorkspaceSettings:
    with team.database.reading() as session:
        return settings_of(workspace_id, session=session, office=team.office)


def test_before_anybody_chooses_the_environment_decides(team_on_both: Team) -> None:
    found = now_set(team_on_both)

    assert (found.zone, found.working.opens, found.language, found.managers) == ("Asia/Seoul", time(9, 30), None, ())


def test_what_is_set_is_read_back_and_holds_for_new_contracts(team_on_both: Team) -> None:
    team = team_on_both
    new = NewSettings(
        **{**USUAL, "zone": "Asia/Tokyo", "closes": time(17), "nudge_at": time(10), "managers": (JUNHO, MINJI)},
        language="en",
        help_channel_id="C0HELP",
    )

    team.write(change_settings, new, standing=Standing.MEMBER)
    team.starts()

    found = now_set(team)
    assert (found.zone, found.working.closes, found.working.nudge_at) == ("Asia/Tokyo", time(17), time(10))
    assert (found.language, found.help_channel_id, set(found.managers)) == ("en", "C0HELP", {JUNHO, MINJI})
    assert (team.state.zone, team.state.language) == ("Asia/Tokyo", "en")


def test_whoever_comes_first_is_the_manager_and_nobody_else_may_then(team_on_both: Team) -> None:
    team = team_on_both
    team.write(put_day, NewDay(day=date(2026, 12, 4)), standing=Standing.MEMBER)
    assert now_set(team).managers == (MINJI,)

    with pytest.raises(NotAManager) as refused:
        team.write(put_day, NewDay(day=date(2026, 12, 7)), standing=Standing.MEMBER, actor=team.actor(JUNHO))

    assert refused.value.managers == (MINJI,)
    assert [row.day for row in now_set(team).special_days] == [date(2026, 12, 4)]


def test_a_guest_is_never_the_first(team: Team) -> None:
    with pytest.raises(NotAManager):
        team.write(put_day, NewDay(day=date(2026, 12, 4)), standing=Standing.GUEST)

    assert now_set(team).special_days == ()


def test_slacks_admins_may_always(team: Team) -> None:
    team.write(change_settings, NewSettings(**USUAL), standing=Standing.MEMBER)

    team.write(put_day, NewDay(day=date(2026, 12, 4)), standing=Standing.ADMIN, actor=team.actor(JUNHO))

    assert now_set(team).managers == (MINJI,)
    assert len(now_set(team).special_days) == 1


def test_what_one_workspace_sets_is_nothing_to_another(team: Team) -> None:
    team.starts()
    stranger = team.actor(workspace_id="T0OTHER")

    team.write(put_day, NewDay(day=date(2026, 11, 25)), standing=Standing.MEMBER, actor=stranger)

    assert team.owed()["application_idle"].due_at.isoformat() == "2026-11-25T00:30:00+00:00"
    assert now_set(team).managers == ()


def test_a_day_entered_twice_is_corrected(team_on_both: Team) -> None:
    team = team_on_both
    day = date(2026, 12, 5)
    team.write(put_day, NewDay(day=day, note="오타"), standing=Standing.MEMBER)

    team.write(put_day, NewDay(day=day, is_off=False, note="보충 근무"), standing=Standing.MEMBER)

    (row,) = now_set(team).special_days
    assert (row.is_off, row.note, row.entered_by) == (False, "보충 근무", MINJI)


def test_removing_what_was_never_entered(team: Team) -> None:
    with pytest.raises(NothingToChange):
        team.write(remove_day, date(2026, 12, 4), standing=Standing.MEMBER)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"closes": time(9)}, "closes"),
        ({"nudge_at": time(18)}, "nudge_at"),
        ({"nudge_at": time(9)}, "nudge_at"),
        ({"zone": "Asia/Soul"}, "zone"),
        ({"managers": ()}, "managers"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_field(wrong: dict[str, object], where: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NewSettings(**{**USUAL, **wrong})

    error = refused.value.errors()[0]
    assert where in {error["type"], *error["loc"]}
