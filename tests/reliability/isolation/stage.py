"""Who is there and what there is, before anybody forges anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import update
from sqlmodel import col

from bot.contracts.reading import contract_of_channel
from bot.contracts.state import ContractState
from bot.localslack.person import Person
from storage.history import history_of
from storage.nudges import nudges_of_contract
from storage.tables import Nudge, NudgeStatus
from storage.workspace_settings import add_managers, put_special_day
from tests.reliability.isolation.forger import Forger, Who
from tests.scene import CHANNEL, MONDAY_MORNING, Scene
from tests.slack_double import SlackDouble

SECRET = "비밀상점"
SECRET_CHANNEL = "pg-비밀"


@dataclass(frozen=True)
class Known:
    """Everything of a contract that a payload can name."""

    state: ContractState
    nudge_id: int
    """of a reminder that stands in the channel"""
    lost_id: int
    """of one that may not have arrived"""
    changes: tuple[str, ...]
    """the ids of its changes, the oldest first"""
    question_id: int
    asked_by: str

    @property
    def id(self) -> int:
        return self.state.id

    @property
    def step(self) -> str:
        return self.state.active_steps[0].step.id


@dataclass
class OnStage(Forger):
    """Among Minji's contract in the team's channel and Junho's in a private one; Junho is the workspace's manager."""

    ours: Known = field(kw_only=True)
    secret: Known = field(kw_only=True)
    restore: Callable[[], None] = field(kw_only=True)

    async def set_back(self) -> None:
        """Takes back whatever has been written since the stage was set, once nothing more is about to be written."""
        await self.scene.product.redraw_statuses()
        await self.scene.product.idle()
        self.restore()


async def set_stage(scene: Scene, answers: SlackDouble, restore: Callable[[], None]) -> OnStage:
    await scene.starts_contract(scene.minji)
    private = scene.slack.add_channel(SECRET_CHANNEL, members=[scene.junho], private=True, with_app=True)
    await scene.junho.commands(private, "/계약", "시작")
    await scene.until_modal(scene.junho, "계약 시작")
    await scene.junho.fills(None, {"가맹점 이름": SECRET})
    assert await scene.junho.submits() is None
    for person, channel in ((scene.minji, scene.slack.channel(CHANNEL)), (scene.junho, private)):
        await person.commands(channel, "/계약", "완료 신청서 오늘")
        await scene.product.idle()
        await person.commands(channel, "/계약", "완료 메일 오늘")
        await scene.product.idle()
        await person.commands(channel, "/계약", "심사는 얼마나 걸려요?")
        await scene.product.idle()
    with scene.database.writing() as session:
        where = {"session": session, "workspace_id": scene.slack.team_id, "added_by": scene.junho.id}
        add_managers(**where, user_ids=[scene.junho.id], now=MONDAY_MORNING)  # type: ignore[arg-type]
        put_special_day(
            session=session,
            workspace_id=scene.slack.team_id,
            day=date(2026, 12, 24),
            is_off=True,
            note="",
            entered_by=scene.junho.id,
            now=MONDAY_MORNING,
        )
    return OnStage(
        scene,
        answers,
        await _people(scene),
        restore=restore,
        ours=_known(scene, scene.slack.channel(CHANNEL).id, scene.minji),
        secret=_known(scene, private.id, scene.junho),
    )


async def _people(scene: Scene) -> dict[Who, str]:
    slack, minji = scene.slack, scene.minji
    guest = slack.add_person("guest", "김게스트", is_guest=True)
    gone, never = slack.add_person("gone", "나간 사람"), slack.add_person("other", "다른 사람")
    closed = slack.add_person("closed", "그만둔 사람")
    await minji.invites(CHANNEL, guest)
    for person in (gone, closed):
        await person.joins(CHANNEL)
    await gone.leaves(CHANNEL)
    slack.workspace.members[closed.id].deleted = True
    return {
        Who.OTHER_WORKSPACE: minji.id,
        Who.STRANGER: "U0STRANGER",
        Who.PARTNER: scene.sora.id,
        Who.CLOSED_ACCOUNT: closed.id,
        Who.GUEST: guest.id,
        Who.GONE: gone.id,
        Who.NEVER_THERE: never.id,
        Who.ELSEWHERE: minji.id,
    }


def _known(scene: Scene, channel_id: str, person: Person) -> Known:
    workspace_id, office = scene.slack.team_id, scene.product.office
    with scene.database.reading() as session:
        state = contract_of_channel(channel_id, workspace_id=workspace_id, session=session, office=office)
    assert state is not None
    where = {"workspace_id": workspace_id, "contract_id": state.id}
    with scene.database.writing() as session:
        changes = [row.change_id for row in history_of(session=session, **where)]
        rows = nudges_of_contract(session=session, **where)
        posted = next(row.id for row in rows if row.step_id == state.active_steps[0].step.id)
        lost = next(row.id for row in rows if row.rule_id == "weekly_digest")
        session.execute(
            update(Nudge)
            .where(col(Nudge.id) == posted)
            .values(status=NudgeStatus.SENT, next_at=None, message_ts="1.0", sent_at=MONDAY_MORNING)
        )
        session.execute(
            update(Nudge)
            .where(col(Nudge.id) == lost)
            .values(status=NudgeStatus.DEAD, next_at=None, closed_reason="unverified")
        )
        asked = session.connection().exec_driver_sql("select max(id) from question where channel_id = ?", (channel_id,))
        question_id = asked.scalar_one()
    assert posted is not None
    assert lost is not None
    return Known(state, posted, lost, tuple(dict.fromkeys(reversed(changes))), question_id, person.id)
