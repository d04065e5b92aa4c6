"""Looks for contracts that should have a reminder coming and have none, for given-up ones that nobody needs, and for
contracts that are sorted by what they do not wait for.

None of it can happen by itself: what is owed, and what a contract waits for, is written in the transaction that makes
it so. It can after a restore, after a hand in the database, after a fault of ours, or beside an older version of ours.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from sqlmodel import Session

from bot.contracts.reading import state_of
from bot.contracts.refusals import NoContract
from bot.contracts.state import ContractState
from bot.contracts.waiting import WaitingPage, keep_anew, wrongly_kept
from bot.nudges import planning, rules
from bot.nudges.metrics import Metrics
from bot.office import Office
from storage import contracts as store
from storage import lost_nudges as ledger
from storage import watching
from storage.database import Database
from storage.tables import Nudge, NudgeStatus
from storage.watching import WatchPage

log = logging.getLogger(__name__)

Page = TypeVar("Page", WatchPage, WaitingPage)

_PAGE = 1000
_READ_WHOLE = 200
"""Contracts with their steps, at once."""


class Reconciler:
    def __init__(self, database: Database, office: Office, metrics: Metrics) -> None:
        self._database = database
        self._office = office
        self._metrics = metrics

    async def run(self) -> int:
        """Goes through all active contracts, a page at a time. Returns how many had no reminder coming."""
        repaired = 0
        async for page in self._pages(watching.watch_page, limit=_PAGE, digests=_digests(self._office)):
            for contract in page.unwatched:
                repaired += await self._database.write(plan_what_is_missing, *contract, office=self._office)
        self._metrics.repaired.inc(repaired)
        await self._database.write(forget_what_nobody_needs, office=self._office)
        await self._keep_waiting_right()
        return repaired

    async def _keep_waiting_right(self) -> None:
        kept = 0
        async for page in self._pages(wrongly_kept, limit=_READ_WHOLE, office=self._office):
            for contract in page.wrong:
                await self._database.write(keep_anew, *contract, office=self._office)
            kept += len(page.wrong)
        if kept:
            log.info("%s contracts waited for something else than was kept with them", kept)

    async def _pages(self, look: Callable[..., Page], **how: Any) -> AsyncIterator[Page]:
        """Each is read when the one before it is done with."""
        after: int | None = 0
        while after is not None:
            page = await self._database.read(look, after=after, **how)
            yield page
            after = page.last


def plan_what_is_missing(workspace_id: str, contract_id: int, *, session: Session, office: Office) -> bool:
    """Whether a rule owed the contract a reminder that nobody had planned."""
    state = _locked(workspace_id, contract_id, session=session, office=office)
    if state is None:
        return False
    planning.plan(state, session=session, calendar=office.calendar_of(state), now=office.now())
    if not watching.has_open(
        session=session, workspace_id=workspace_id, contract_id=contract_id, digests=_digests(office)
    ):
        return False
    log.error("contract %s had no reminder coming though one was owed; it has one now", contract_id)
    return True


def forget_what_nobody_needs(*, session: Session, office: Office) -> None:
    """A nudge that was given up is nobody's matter any more once its reason is gone or a newer one has come."""
    for row in ledger.dead_nudges(session=session, limit=_PAGE):
        state = _locked(row.workspace_id, row.contract_id, session=session, office=office)
        if state is not None and not is_still_wanted(row, state, session=session):
            row.status, row.closed_reason = NudgeStatus.CANCELLED, rules.REASON_GONE


def is_still_wanted(row: Nudge, state: ContractState, *, session: Session) -> bool:
    """Whether a given-up nudge would still help: its reason holds, and no later one of its rule has come."""
    if rules.reason_for(state, row) is None:
        return False
    return not ledger.was_followed(session=session, nudge=row)


def _digests(office: Office) -> list[str]:
    return [one.digest.id for one in office.procedures.values() if one.digest is not None]


def _locked(workspace_id: str, contract_id: int, *, session: Session, office: Office) -> ContractState | None:
    store.lock_contract(session=session, workspace_id=workspace_id, contract_id=contract_id)
    found = store.read_contract(session=session, workspace_id=workspace_id, contract_id=contract_id)
    try:
        return state_of(found, office=office) if found else None
    except NoContract:
        return None
