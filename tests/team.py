"""A merchant's team at work on one contract, without Slack: the use cases, one call each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.contracts import cards, lifecycle, moves
from bot.contracts.desk import Actor, Change
from bot.contracts.reading import contract_by_id
from bot.contracts.state import ContractState
from bot.office import Office
from storage.database import Database
from storage.nudges import nudges_of_contract
from storage.tables import CardStatus, Nudge, NudgeStatus

WORKSPACE, CHANNEL = "T0MOMO", "C0PG"
MINJI, JUNHO = "U0MINJI", "U0JUNHO"


class Team:
    """`contract_id` is that of the contract started last."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database = database
        self.office = office
        self.contract_id = 0

    def actor(self, user_id: str = MINJI, *, workspace_id: str = WORKSPACE, channel_id: str = CHANNEL) -> Actor:
        return Actor(workspace_id, user_id, frozenset({channel_id}))

    def write(self, use_case: Callable[..., Any], /, *args: Any, actor: Actor | None = None, **kwargs: Any) -> Any:
        with self.database.writing() as session:
            return use_case(*args, session=session, office=self.office, actor=actor or self.actor(), **kwargs)

    def starts(
        self, merchant: str = "모모상점", *, channel_id: str = CHANNEL, methods: tuple[str, ...] = ("card",)
    ) -> Change:
        new = lifecycle.NewContract(
            procedure_id="kg_mobilians", merchant=merchant, payment_methods=methods, owner_id=MINJI
        )
        change: Change = self.write(
            lifecycle.start_contract,
            new,
            channel_id=channel_id,
            workspace_name="모모",
            actor=self.actor(channel_id=channel_id),
        )
        self.contract_id = change.after.id
        return change

    def finishes(self, *steps: str, on: date | None = None, by: str = MINJI, with_earlier: bool = False) -> Change:
        for step in steps:
            change: Change = self.write(
                moves.finish_step,
                step,
                contract_id=self.contract_id,
                on=on,
                with_earlier=with_earlier,
                actor=self.actor(by),
            )
        return change

    def requests_review(self, on: date | None = None) -> Change:
        change: Change = self.write(cards.request_review, contract_id=self.contract_id, on=on)
        return change

    def records(self, card_ids: list[str], decision: CardStatus, *, on: date | None = None, reason: str = "") -> Change:
        change: Change = self.write(
            cards.record_card_decision, card_ids, decision, contract_id=self.contract_id, on=on, reason=reason
        )
        return change

    def is_ready_for_review(self) -> None:
        """Everything before the card review is done."""
        self.finishes("application", "guidance", "paperwork", "completion", "channel_setup", "development")

    @property
    def state(self) -> ContractState:
        return self.state_of(self.actor())

    def state_of(self, actor: Actor) -> ContractState:
        with self.database.reading() as session:
            return contract_by_id(self.contract_id, session=session, office=self.office, actor=actor)

    def ledger(self) -> list[Nudge]:
        with self.database.reading() as session:
            return nudges_of_contract(session=session, workspace_id=WORKSPACE, contract_id=self.contract_id)

    def owed(self) -> dict[str, Nudge]:
        """What is scheduled now, by rule."""
        return {row.rule_id: row for row in self.ledger() if row.status == NudgeStatus.SCHEDULED}
