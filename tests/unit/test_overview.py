"""What somebody sees of their contracts when they open the app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from unicodedata import normalize

import pytest
from sqlalchemy import event

from bot.contracts import cards, lifecycle, moves
from bot.contracts.desk import Actor
from bot.contracts.reading import Page, contracts_of, waiting_longest_first
from bot.contracts.refusals import NoContract
from bot.overview import PAGE, Look, Overview, Scope, look_into, overview, waits_for
from bot.workspaces import changing
from bot.workspaces.people import Standing
from storage.tables import Nudge, NudgeStatus, Question
from tests.conftest import SettableClock
from tests.team import CHANNEL, JUNHO, MINJI, WORKSPACE, Team

MANAGER = "U0MANAGER"


@pytest.fixture
def managed(team: Team) -> Team:
    return with_a_manager(team)


def with_a_manager(team: Team) -> Team:
    """Sora, who is in no contract's channel, is the onboarding manager."""
    manager = Actor(WORKSPACE, MANAGER, frozenset())
    new = changing.NewSettings(zone="Asia/Seoul", opens="09:00", closes="18:00", nudge_at="10:00", managers=(MANAGER,))  # type: ignore[arg-type]
    team.write(changing.change_settings, new, actor=manager, standing=Standing.ADMIN)
    return team


def look_at(
    team: Team,
    look: Look | None = None,
    *,
    user_id: str = MANAGER,
    channels: frozenset[str] = frozenset(),
    standing: Standing = Standing.MEMBER,
    workspace_id: str = WORKSPACE,
) -> Overview:
    actor = Actor(workspace_id, user_id, channels)
    with team.database.reading() as session:
        return overview(look or Look(), session=session, office=team.office, actor=actor, standing=standing)


def merchants(seen: Overview) -> list[str]:
    return [state.merchant for state in seen.shown]


def test_a_manager_sees_every_contract_of_the_workspace_the_longest_wait_first(
    managed: Team, clock: SettableClock
) -> None:
    managed.starts("먼저", channel_id="C1")
    clock.advance(timedelta(days=3))
    managed.starts("나중", channel_id="C2")

    assert merchants(look_at(managed)) == ["먼저", "나중"]


def test_nobody_else_does(managed: Team) -> None:
    managed.starts("모모상점")
    for user_id, standing in ((MINJI, Standing.ADMIN), (JUNHO, Standing.MEMBER), (MANAGER, Standing.GUEST)):
        seen = look_at(managed, Look(scope=Scope.WORKSPACE), user_id=user_id, standing=standing)

        assert (merchants(seen), seen.look.scope, seen.is_manager) == ([], Scope.MINE, False)

    other = look_at(managed, Look(scope=Scope.WORKSPACE), workspace_id="T0OTHER")
    assert merchants(other) == []


def test_only_a_manager_looks_into_a_contract_elsewhere(managed: Team) -> None:
    managed.starts("모모상점")

    def asks(user_id: str, workspace_id: str = WORKSPACE) -> Page:
        actor = Actor(workspace_id, user_id, frozenset({"C0ELSEWHERE"}))
        with managed.database.reading() as session:
            return look_into(
                managed.contract_id,
                session=session,
                office=managed.office,
                actor=actor,
                standing=Standing.MEMBER,
            )

    managed.finishes("application")
    page = asks(MANAGER)
    assert page.state.merchant == "모모상점"
    assert [row.kind for row in page.rows] == ["finished", "started"]
    for stranger in (JUNHO, MINJI):
        with pytest.raises(NoContract):
            asks(stranger)
    with pytest.raises(NoContract):
        asks(MANAGER, "T0OTHER")


def test_a_step_and_a_name_narrow_it_down(managed: Team) -> None:
    managed.starts("모모상점", channel_id="C1")
    managed.starts("Momo Store", channel_id="C2")
    managed.actor = lambda *_, **__: Actor(WORKSPACE, MINJI, frozenset({"C2"}))  # type: ignore[method-assign]
    managed.finishes("application")

    assert merchants(look_at(managed, Look(step="guidance"))) == ["Momo Store"]
    assert merchants(look_at(managed, Look(search="momo"))) == ["Momo Store"]
    assert merchants(look_at(managed, Look(search="모모"))) == ["모모상점"]
    assert merchants(look_at(managed, Look(step="guidance", search="모모"))) == []
    assert len(merchants(look_at(managed, Look(step="no_such_step")))) == 2


def test_a_name_is_found_however_it_is_spelt(team_on_both: Team) -> None:
    managed, taken_apart = with_a_manager(team_on_both), normalize("NFD", "모모상점")
    names = ("Élan Café", "㈜모모상점", f"{taken_apart} 2호", "ＡＢＣ 상사", "50% 할인_점")
    for number, name in enumerate(names):
        managed.starts(name, channel_id=f"C{number}")

    def found(search: str) -> list[str]:
        return [normalize("NFC", one) for one in merchants(look_at(managed, Look(search=search)))]

    assert found("ÉLAN") == found("élan café") == found(normalize("NFD", "É")) == ["Élan Café"]
    assert found("(주)모모") == ["㈜모모상점"]
    assert found("모모상점") == found(taken_apart) == ["㈜모모상점", "모모상점 2호"]
    assert found("abc") == ["ＡＢＣ 상사"]
    assert found("%") == found("_") == ["50% 할인_점"], "no sign stands for any letter"


def test_what_is_found_has_pages_too(managed: Team) -> None:
    for number in range(PAGE + 2):
        managed.starts(f"가맹점 {number}", channel_id=f"C{number}")
    managed.starts("다른상점", channel_id="C0OTHER")

    last = look_at(managed, Look(search="가맹점", page=9))

    assert (last.look.page, last.found, len(last.shown)) == (1, PAGE + 2, 2)


def test_pages_hold_everything_once_and_there_is_no_page_behind_the_last(managed: Team) -> None:
    for number in range(2 * PAGE + 1):
        managed.starts(f"가맹점 {number}", channel_id=f"C{number}")

    pages = [look_at(managed, Look(page=page)) for page in range(3)]

    assert [len(page.shown) for page in pages] == [PAGE, PAGE, 1]
    assert len({name for page in pages for name in merchants(page)}) == 2 * PAGE + 1
    assert [page.left for page in pages] == [PAGE + 1, 1, 0]
    assert look_at(managed, Look(page=99)).look.page == 2


def test_what_waits_for_me_comes_first(team: Team, clock: SettableClock) -> None:
    team.starts("PG 차례")
    team.finishes("application")
    clock.advance(timedelta(days=7))
    team.starts("우리 차례", channel_id="C1")

    seen = look_at(team, user_id=JUNHO, channels=frozenset({CHANNEL, "C1"}))
    assert merchants(seen) == ["우리 차례", "PG 차례"]
    assert [waits_for(state, JUNHO) for state in seen.shown] == [True, False]
    owner = look_at(team, user_id=MINJI, channels=frozenset({CHANNEL, "C1"}))
    assert merchants(owner) == ["PG 차례", "우리 차례"], "who is in charge is waited for, too"


def test_a_reminder_stays_until_somebody_answers_or_its_reason_is_gone(team: Team, clock: SettableClock) -> None:
    team.starts()
    row = next(iter(team.owed().values()))
    with team.database.writing() as session:
        sent = session.get_one(Nudge, row.id)
        sent.status, sent.next_at, sent.message_ts, sent.sent_at = NudgeStatus.SENT, None, "1.1", clock.now()
    mine = {"user_id": MINJI, "channels": frozenset({CHANNEL})}

    assert [one.rule.id for one in look_at(team, **mine).open_nudges] == [row.rule_id]  # type: ignore[arg-type]
    assert look_at(team, user_id=MINJI, channels=frozenset({"C0ELSEWHERE"})).open_nudges == []

    team.finishes("application")
    assert look_at(team, **mine).open_nudges == []  # type: ignore[arg-type]


def test_the_last_answers_are_mine_and_each_topic_once(team: Team, clock: SettableClock) -> None:
    asked = [
        (MINJI, "fee.card"),
        (MINJI, "review.duration"),
        (MINJI, "notice.when"),
        (JUNHO, "bond.cost"),
        (MINJI, None),
        (MINJI, "fee.card"),
        (MINJI, "papers.seal"),
    ]
    team.starts()
    with team.database.writing() as session:
        for user_id, topic in asked:
            session.add(
                Question(workspace_id=WORKSPACE, channel_id=CHANNEL, user_id=user_id, asked_at=clock.now(), text="말",
                         outcome="answer", topic=topic)
            )  # fmt: skip

    seen = look_at(team, user_id=MINJI, channels=frozenset({CHANNEL}))

    assert [one.topic for one in seen.answered] == ["papers.seal", "fee.card", "notice.when"]


@pytest.mark.parametrize("user_id", [MINJI, MANAGER])
def test_the_number_of_queries_does_not_grow_with_the_contracts(managed: Team, user_id: str) -> None:
    channels = frozenset(f"C{number}" for number in range(40))

    def queries() -> int:
        return _counted(managed, lambda: look_at(managed, user_id=user_id, channels=channels))

    for number in range(2):
        managed.starts(f"가맹점 {number}", channel_id=f"C{number}")
    with_two = queries()
    for number in range(2, 40):
        managed.starts(f"가맹점 {number}", channel_id=f"C{number}")

    assert queries() == with_two
    assert look_at(managed, user_id=user_id, channels=channels).found == 40


def _counted(team: Team, work: Callable[[], object]) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(team.database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(team.database.engine, "before_cursor_execute", note)
    return len(statements)


def test_the_database_sorts_and_pages_as_the_rules_say(team_on_both: Team, clock: SettableClock) -> None:
    """Contracts in every state, with cards and without, read whole and sorted here, on both engines."""
    team, channels = with_a_manager(team_on_both), frozenset(f"C{number}" for number in range(24))
    for number, channel in enumerate(sorted(channels)):
        clock.advance(timedelta(days=number % 3))
        team.starts(f"가맹점 {number}", channel_id=channel, methods=("card",) if number % 2 else ("phone",))
        actor = team.actor(MINJI if number % 5 else JUNHO, channel_id=channel)
        steps = [state.step.id for state in team.state_of(actor).steps]
        if number % 8:
            team.write(
                moves.finish_step,
                steps[number % 8 - 1],
                contract_id=team.contract_id,
                on=None,
                with_earlier=True,
                actor=actor,
            )
        if number % 8 == 6 and number % 2:
            team.write(cards.request_review, contract_id=team.contract_id, on=None, actor=actor)
        if number % 7 == 6 and number % 8 != 7:
            team.write(lifecycle.pause_contract, contract_id=team.contract_id, actor=actor)
    with team.database.reading() as session:
        states = contracts_of(session=session, office=team.office, actor=Actor(WORKSPACE, JUNHO, channels))
    expected = sorted(states, key=lambda state: (not waits_for(state, JUNHO), waiting_longest_first(state)))

    first = look_at(team, user_id=JUNHO, channels=channels)
    second = look_at(team, Look(page=1), user_id=JUNHO, channels=channels)

    assert merchants(first) + merchants(second) == [state.merchant for state in expected]
    assert (first.found, len(first.shown)) == (24, PAGE)

    running_first = sorted(
        (state for state in states if state.is_open),
        key=lambda state: (not state.is_running, waiting_longest_first(state)),
    )
    pages = [look_at(team, Look(page=page)) for page in (0, 1)]
    assert [name for page in pages for name in merchants(page)] == [state.merchant for state in running_first]
    assert pages[0].found == len(running_first)
    for step in running_first[0].steps:
        at_step = [one.merchant for one in running_first if one.current and one.current.step == step.step]
        seen = look_at(team, Look(step=step.step.id))
        assert (merchants(seen), seen.found) == (at_step, len(at_step))
