"""Hypothesis strategies: contracts in any state, with the names that people really type, and hostile ones."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.contracts.outlook import Outlook
from bot.contracts.state import CardState, ContractState, StepState
from bot.nudges.calendar import BusinessCalendar
from bot.procedure.load import load_procedures
from bot.procedure.movement import standings
from storage.tables import CardStatus, ContractStatus

PROCEDURE = load_procedures()["kg_mobilians"]
SEOUL = BusinessCalendar(ZoneInfo("Asia/Seoul"), "KR")
FIRST_DAY = date(2026, 11, 23)

hostile = st.sampled_from(
    [
        "<!channel>",
        "<!here> <@U0MINJI>",
        "*굵게*를 _기울임_ `코드` ```블록```",
        "&lt;script&gt;",
        "<https://evil.example|은행>",
        "👩‍👩‍👧‍👦" * 20,
        "\u202e반대로 쓰기\u202c",
        "줄\n바꿈\n여러 번",
        "가" * 80,
        "{merchant} {0} %s",
        "a" * 80,
    ]
)
names = hostile | st.text(min_size=1, max_size=80).filter(str.strip)
reasons = st.just("") | hostile | st.text(max_size=300)
days = st.integers(min_value=0, max_value=60).map(lambda count: FIRST_DAY + timedelta(days=count))


@st.composite
def states(draw: st.DrawFn) -> ContractState:
    done: dict[str, date] = {}
    for step in PROCEDURE.steps:
        if all(earlier in done for earlier in step.starts_after) and draw(st.booleans()):
            earliest = max((done[earlier] for earlier in step.starts_after), default=FIRST_DAY)
            done[step.id] = earliest + timedelta(days=draw(st.integers(0, 5)))
    stands = standings(PROCEDURE, started_on=FIRST_DAY, done=done)
    return ContractState(
        id=draw(st.integers(1, 10**9)),
        workspace_id="T0MOMO",
        channel_id="C0PG",
        procedure=PROCEDURE,
        merchant=draw(names),
        contact_email="",
        payment_methods=("card",),
        site_url="",
        owner_id="U0MINJI",
        language=draw(st.sampled_from(["ko", "en"])),
        zone="Asia/Seoul",
        status=draw(st.sampled_from(list(ContractStatus))),
        started_on=FIRST_DAY,
        status_message_ts=None,
        status_digest="",
        steps=tuple(
            StepState(
                step,
                stands[step.id].status,
                active_on=stands[step.id].active_on,
                done_on=done.get(step.id),
                done_by="U0MINJI" if step.id in done else None,
            )
            for step in PROCEDURE.steps
        ),
        cards=draw(st.just(()) | cards()),
    )


@st.composite
def cards(draw: st.DrawFn) -> tuple[CardState, ...]:
    return tuple(
        CardState(
            card,
            draw(st.sampled_from(list(CardStatus))),
            requested_on=draw(st.none() | days),
            decided_on=draw(st.none() | days),
            reason=draw(reasons),
        )
        for card in PROCEDURE.card_companies
    )


@st.composite
def outlooks(draw: st.DrawFn) -> Outlook:
    return Outlook(draw(states()), SEOUL, draw(days))
